import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { isStorageFault } from '../../contract/faults.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Relays } from '../relays/relays.ts'
import type { Slot } from '../relays/slots.ts'
import type { Upstream } from '../relays/upstream.ts'
import { sendWithFailover } from './failover.ts'
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
  const { log } = deps

  return {
    /** Never rejects. */
    run: (id: number, slot: Slot | null): Promise<void> =>
      attempt(deps, id, slot).catch((error) => {
        if (!isStorageFault(error)) {
          log.error('A delivery attempt failed', error, { message_id: id })
        }
        // Back off: the message is still due.
        return pause(deps)
      }),
  }
}

/** Without a slot there is no relay, or none with quota left today. */
async function attempt(deps: AttemptDeps, id: number, slot: Slot | null): Promise<void> {
  const { store, relays, queue, settling, clock } = deps
  let isGiven = false
  try {
    const message = store.messageOf(id)
    if (!message) return
    const fullUntil = relays.fullUntil(message.tenant_id)
    if (fullUntil !== null) {
      return await queue.write((transaction) => settling.holdUntil(transaction, message, fullUntil))
    }
    const raw = slot ? await rawOf(deps, id) : Buffer.alloc(0)
    const due = await queue.write((transaction) => settling.begin(transaction, message))
    if (due.length === 0) return
    const startedAt = clock.elapsed()
    isGiven = true
    const recipients = due.map(({ recipient }) => recipient)
    const answers = slot ? await send(deps, message, slot, recipients, raw) : new Map()
    const ms = Math.round(clock.elapsed() - startedAt)
    await commitWithRetry(deps, id, (transaction) => {
      settling.settle(transaction, message, due, answers, ms)
    })
  } finally {
    if (!isGiven) slot?.leave({ type: 'unused' })
  }
}

const send = (
  { relays, upstream, log, isClosed }: AttemptDeps,
  message: LiveMessage,
  slot: Slot,
  recipients: readonly string[],
  raw: Buffer,
): ReturnType<typeof sendWithFailover> =>
  sendWithFailover(relays, upstream, {
    targets: relays.targets(message.tenant_id, message.relay_id),
    slot,
    tenantId: message.tenant_id,
    mailFrom: message.mail_from,
    recipients,
    raw,
    log,
    isClosed,
  })

async function rawOf({ reader }: AttemptDeps, id: number): Promise<Buffer> {
  const sql = 'SELECT raw FROM bodies WHERE message_id = ?'
  const body = await reader.first<{ raw: Uint8Array }>(sql, id)
  return Buffer.from(body?.raw ?? [])
}

/** Only this process knows the reply of the relay, and losing it would send the message twice. */
async function commitWithRetry(
  deps: AttemptDeps,
  id: number,
  work: (transaction: Transaction) => void,
): Promise<void> {
  const { queue, isClosed, log } = deps
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await queue.write(work)
    } catch (error) {
      if (isClosed()) throw error
      const sentence = 'A relay’s reply could not be saved; MailSage retries until it is'
      if (isFirst) log.error(sentence, error, { message_id: id })
      await pause(deps)
    }
  }
}

function pause({ clock }: AttemptDeps): Promise<void> {
  return new Promise((resolve) => void clock.after(pauseAfterFailureMs, resolve))
}
