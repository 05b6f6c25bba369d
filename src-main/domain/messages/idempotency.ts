import { hash } from 'node:crypto'
import { Fault } from '../../contract/faults.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { ProvenClock } from '../settings/proven-time.ts'

export type Idempotency = ReturnType<typeof createIdempotency>

/** Stores the reply in the transaction of the work, so that both survive or neither does. */
export type SaveReply<Reply> = (transaction: Transaction, reply: Reply) => void

const lifetimeMs = 86_400_000
const maxNameLength = 256

type Row = { readonly body_hash: Buffer; readonly answer: string }
type Running = { readonly bodyHash: Buffer; readonly reply: Promise<unknown> }

type IdempotencyDeps = {
  readonly database: Database
  readonly provenClock: ProvenClock
}

/**
 * `Idempotency-Key`: for 24 hours a repeat with the same body gets the first reply and does nothing;
 * with another body it is refused. The proven clock measures the hours: a clock change must not
 * expire a key early, because a repeat would be sent twice.
 */
export function createIdempotency({ database, provenClock }: IdempotencyDeps) {
  const select = database.prepare<[number, string, string, number], Row>(`
    SELECT body_hash, answer FROM idempotency
    WHERE key_id = ? AND name IN (?, ?) AND created_at > ?
  `)
  const insert = database.prepare<[number, string, Buffer, string, number]>(`
    INSERT OR REPLACE INTO idempotency (key_id, name, body_hash, answer, created_at)
    VALUES (?, ?, ?, ?, ?)
  `)
  const drop = database.prepare<[number]>(`
    DELETE FROM idempotency WHERE created_at <= ?
  `)
  const runningWork = new Map<string, Running>()

  function requireSameBody(known: Buffer, given: Buffer): void {
    if (known.equals(given)) return
    throw new Fault(
      'conflict',
      'This Idempotency-Key was used with another body. Send the same body, or use a new key.',
    )
  }

  return {
    /** Runs `work` unless it ran before under this name. `work` must call `saveReply`. */
    async once<Reply>(
      caller: Caller,
      name: string | undefined,
      body: unknown,
      work: (saveReply: SaveReply<Reply>) => Promise<Reply>,
    ): Promise<Reply> {
      if (name === undefined) return work(() => undefined)
      if (name.length === 0 || name.length > maxNameLength) {
        throw new Fault(
          'invalid_parameter',
          `An Idempotency-Key must have 1 to ${maxNameLength} characters.`,
          {
            field: 'Idempotency-Key',
          },
        )
      }
      const keyId = caller.keyId ?? 0
      const stored = storedName(name)
      const id = `${keyId} ${stored}`
      const bodyHash = hash('sha256', JSON.stringify(body), 'buffer')
      const running = runningWork.get(id)
      if (running) {
        requireSameBody(running.bodyHash, bodyHash)
        return (await running.reply) as Reply
      }
      const known = select.get(keyId, stored, name, provenClock.now() - lifetimeMs)
      if (known) {
        requireSameBody(known.body_hash, bodyHash)
        return JSON.parse(known.answer) as Reply
      }
      const reply = work((_transaction, saved) => {
        drop.run(provenClock.now() - lifetimeMs)
        insert.run(keyId, stored, bodyHash, JSON.stringify(saved), provenClock.stamp())
      })
      runningWork.set(id, { bodyHash, reply })
      try {
        return await reply
      } finally {
        runningWork.delete(id)
      }
    },
  }
}

/**
 * A digest, because a client may use its API key as the name. Rows of earlier versions hold the name
 * itself and are valid for their 24 hours.
 */
const storedName = (name: string): string => `sha256:${hash('sha256', name)}`
