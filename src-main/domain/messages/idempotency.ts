import { hash } from 'node:crypto'
import { Fault } from '../../contract/faults.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { ProvenClock } from '../settings/proven-time.ts'

export type Idempotency = ReturnType<typeof createIdempotency>

/** Keeps the answer, in the transaction that makes it true. */
export type Keep<Answer> = (transaction: Transaction, answer: Answer) => void

const lifetimeMs = 86_400_000
const maxNameLength = 256

type Row = { readonly body_hash: Buffer; readonly answer: string }
type Underway = { readonly bodyHash: Buffer; readonly answer: Promise<unknown> }

type IdempotencyDeps = {
  readonly database: Database
  readonly provenClock: ProvenClock
}

/**
 * `Idempotency-Key`: for 24 hours the same name with the same body is answered as the first time
 * and does nothing; with another body it is refused. The hours are proven ones: a clock that is set
 * forward or back makes no name forgotten, since that would send twice.
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
  const underway = new Map<string, Underway>()

  function refuseOther(known: Buffer, given: Buffer): void {
    if (known.equals(given)) return
    throw new Fault(
      'conflict',
      'This Idempotency-Key was used with another body. Send the same body, or use a new key.',
    )
  }

  return {
    /** Runs `work` unless it was run before under this name; `work` keeps its answer itself. */
    async once<Answer>(
      caller: Caller,
      name: string | undefined,
      body: unknown,
      work: (keep: Keep<Answer>) => Promise<Answer>,
    ): Promise<Answer> {
      if (name === undefined) return work(() => undefined)
      if (name.length === 0 || name.length > maxNameLength) {
        throw new Fault(
          'invalid_parameter',
          `An Idempotency-Key has 1 to ${maxNameLength} characters.`,
          {
            field: 'Idempotency-Key',
          },
        )
      }
      const keyId = caller.keyId ?? 0
      const stored = storedName(name)
      const place = `${keyId} ${stored}`
      const bodyHash = hash('sha256', JSON.stringify(body), 'buffer')
      const running = underway.get(place)
      if (running) {
        refuseOther(running.bodyHash, bodyHash)
        return (await running.answer) as Answer
      }
      const known = select.get(keyId, stored, name, provenClock.now() - lifetimeMs)
      if (known) {
        refuseOther(known.body_hash, bodyHash)
        return JSON.parse(known.answer) as Answer
      }
      const answer = work((_transaction, kept) => {
        drop.run(provenClock.now() - lifetimeMs)
        insert.run(keyId, stored, bodyHash, JSON.stringify(kept), provenClock.stamp())
      })
      underway.set(place, { bodyHash, answer })
      try {
        return await answer
      } finally {
        underway.delete(place)
      }
    },
  }
}

/**
 * A digest, since a client may give its key as the name. Earlier versions stored the name itself:
 * such rows are found for their 24 hours.
 */
const storedName = (name: string): string => `sha256:${hash('sha256', name)}`
