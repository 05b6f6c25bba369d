import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Reader } from '../../storage/reader.ts'
import { type DeliveryQueues, keyOf, type MailQueue } from '../relays/delivery-queues.ts'
import type { Relays } from '../relays/relays.ts'
import type { DeliverySettling } from './settling.ts'
import type { DeliveryStore } from './store.ts'

const everyMs = 60_000
const maxAtOnce = 100
/** So many minutes without an answering relay pass before any recipient fails. */
const minClosedRuns = 10

type GivingUpDeps = {
  readonly store: DeliveryStore
  readonly queues: DeliveryQueues
  readonly settling: DeliverySettling
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly relays: Relays
  readonly clock: Clock
  readonly log: Log
}

type Row = { readonly id: number; readonly message_id: number }

/**
 * Fails recipients that have waited for a relay, without an attempt, for the time of all attempts.
 * Sleep of the computer and a jump of the clock do not count: relays are tried first.
 */
export function startGivingUp(deps: GivingUpDeps) {
  const { store, queues, settling, queue, reader, relays, clock, log } = deps
  const closedRuns = new Map<string, number>()
  let lastRunAt = clock.now()
  let closed = false

  /** Overdue recipients of a queue, read on the reader thread. */
  function overdue(waiting: MailQueue): Promise<Row[]> {
    const now = clock.now()
    return reader.all<Row>(
      `SELECT id, message_id FROM deliveries INDEXED BY deliveries_queue
       WHERE tenant = ? AND relay_choice = ? AND next_attempt_at IS NOT NULL
         AND give_up_at <= ? AND (next_attempt_at <= ? OR awaits_relay = 1)
       ORDER BY next_attempt_at LIMIT ${maxAtOnce}`,
      ...keyOf(waiting),
      now,
      now,
    )
  }

  async function giveUp(waiting: MailQueue): Promise<void> {
    for (;;) {
      const rows = await overdue(waiting)
      if (rows.length === 0 || closed) return
      const reply = relays.whyClosed(waiting)
      await queue.write((transaction) => {
        for (const { id, message_id: messageId } of rows) {
          const message = store.messageOf(messageId)
          const delivery = store.giveUp(id, clock.now(), reply)
          if (message && delivery) settling.giveUp(transaction, message, delivery, reply)
        }
      })
    }
  }

  async function run(): Promise<number | null> {
    const now = clock.now()
    if (Math.abs(now - lastRunAt) > 2 * everyMs) closedRuns.clear()
    lastRunAt = now
    const waiting = queues.pending().filter((one) => relays.admission(one).isClosed)
    const names = new Set(waiting.map(nameOf))
    for (const name of closedRuns.keys()) if (!names.has(name)) closedRuns.delete(name)
    for (const one of waiting) {
      const runs = (closedRuns.get(nameOf(one)) ?? 0) + 1
      closedRuns.set(nameOf(one), runs)
      if (!closed && runs >= minClosedRuns) await giveUp(one)
    }
    return everyMs
  }

  const loop = startLoop({ name: 'waiting mail', clock, log, run })
  loop.wake()

  return {
    idle: loop.idle,
    async close(): Promise<void> {
      closed = true
      await loop.close()
    },
  }
}

const nameOf = (queue: MailQueue): string => keyOf(queue).join(' ')
