import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { isStorageFault } from '../../contract/faults.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Place } from '../relays/places.ts'
import type { Relays } from '../relays/relays.ts'
import type { Upstream } from '../relays/upstream.ts'
import { sendThrough } from './failover.ts'
import type { DeliverySettling } from './settling.ts'
import type { DeliveryStore, LiveMessage } from './store.ts'

export type DeliveryAttempts = ReturnType<typeof createDeliveryAttempts>

const pauseAfterFailureMs = 500

type AttemptDeps = {
  readonly store: DeliveryStore
  readonly settling: DeliverySettling
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly log: Log
  readonly relays: Relays
  readonly upstream: Upstream
  readonly isClosed: () => boolean
}

/** One attempt to send one message to those of its recipients that are due. */
export function createDeliveryAttempts(deps: AttemptDeps) {
  const { store, settling, queue, reader, clock, log, relays, upstream, isClosed } = deps

  /** Without a place there is no relay, or none with room today. */
  async function attempt(id: number, place: Place | null): Promise<void> {
    let isGiven = false
    try {
      const message = store.messageOf(id)
      if (!message) return
      const fullUntil = relays.fullUntil(message.tenant_id)
      if (fullUntil !== null) {
        return await queue.write((transaction) => settling.hold(transaction, message, fullUntil))
      }
      const raw = place ? await rawOf(id) : Buffer.alloc(0)
      const due = await queue.write((transaction) => settling.begin(transaction, message))
      if (due.length === 0) return
      const startedAt = clock.elapsed()
      isGiven = true
      const recipients = due.map(({ recipient }) => recipient)
      const answers = place ? await send(message, place, recipients, raw) : new Map()
      const ms = Math.round(clock.elapsed() - startedAt)
      await writeDown(id, (transaction) => {
        settling.settle(transaction, message, due, answers, ms)
      })
    } finally {
      if (!isGiven) place?.leave({ type: 'unused' })
    }
  }

  const send = (
    message: LiveMessage,
    place: Place,
    recipients: readonly string[],
    raw: Buffer,
  ): ReturnType<typeof sendThrough> =>
    sendThrough(relays, upstream, {
      targets: relays.targets(message.tenant_id, message.relay_id),
      place,
      tenantId: message.tenant_id,
      mailFrom: message.mail_from,
      recipients,
      raw,
      log,
      isClosed,
    })

  async function rawOf(id: number): Promise<Buffer> {
    const sql = 'SELECT raw FROM bodies WHERE message_id = ?'
    const body = await reader.first<{ raw: Uint8Array }>(sql, id)
    return Buffer.from(body?.raw ?? [])
  }

  /** Only we know what the relay said, and forgetting it would send the message twice. */
  async function writeDown(id: number, work: (transaction: Transaction) => void): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await queue.write(work)
      } catch (error) {
        if (isClosed()) throw error
        const sentence = 'A relay’s reply could not be written down; this is tried until it can'
        if (isFirst) log.error(sentence, error, { message_id: id })
        await pause()
      }
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => void clock.after(pauseAfterFailureMs, resolve))
  }

  return {
    /** Never rejects. */
    run: (id: number, place: Place | null): Promise<void> =>
      attempt(id, place).catch((error) => {
        if (!isStorageFault(error)) {
          log.error('A delivery attempt failed', error, { message_id: id })
        }
        // Still due: without a rest it would be tried again and again at once.
        return pause()
      }),
  }
}
