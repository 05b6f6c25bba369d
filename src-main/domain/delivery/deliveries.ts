import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { LiveCaller } from '../auth/caller.ts'
import { checkStoredSender } from '../auth/senders.ts'
import { noRelay } from '../relays/choose-relays.ts'
import { createDeliveryQueues } from '../relays/delivery-queues.ts'
import type { Relays } from '../relays/relays.ts'
import type { Upstream } from '../relays/upstream.ts'
import { createPullBack, delaySql } from '../settings/due-times.ts'
import { createDeliveryAttempts } from './attempts.ts'
import { startDispatcher } from './dispatcher.ts'
import { startGivingUp } from './giving-up.ts'
import { retryDelaysMs } from './rules.ts'
import { createDeliverySettling, type DeliverySettling } from './settling.ts'
import { createDeliveryStore, type DeliveryStore, type LiveMessage } from './store.ts'

export type Deliveries = ReturnType<typeof createDeliveries>

/** Replies that arrive this soon are still recorded at the end of the process. */
const maxCloseWaitMs = 3000

const dayMs = 86_400_000
/** Mail that waits for quota of a relay waits until midnight at most. */
const maxDelaySql = `CASE WHEN held = 1 THEN ${dayMs} ELSE ${delaySql(retryDelaysMs)} END`

type DeliveryDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly log: Log
  readonly relays: Relays
  readonly upstream: Upstream
}

type DeliveryContext = DeliveryDeps & {
  readonly store: DeliveryStore
  readonly settling: DeliverySettling
  readonly dispatcher: ReturnType<typeof startDispatcher>
}

/**
 * The queue of live mail and the loop that empties it. Delivery is at least once: a message that was
 * being sent when the process ended is sent again, since only the relay knows whether it accepted it.
 */
export function createDeliveries(deps: DeliveryDeps) {
  const { database, queue, reader, clock, log, relays, upstream } = deps

  let closed = false
  const store = createDeliveryStore(database)
  const queues = createDeliveryQueues(database)
  const settling = createDeliverySettling({ store, clock, relays })
  const isClosed = (): boolean => closed
  const shared = { store, settling, queue, reader, clock, log, relays }
  const attempts = createDeliveryAttempts({ ...shared, upstream, isClosed })

  store.resume(clock.now())
  const pullBack = createPullBack(database, clock.now, 'deliveries', maxDelaySql)
  pullBack()
  const onStepBack = () => queue.write(pullBack)
  const dispatcher = startDispatcher({ ...shared, queues, attempts, onStepBack })
  const context: DeliveryContext = { ...deps, store, dispatcher, settling }

  const givingUp = startGivingUp({ ...shared, queues })
  dispatcher.wake()
  relays.onConnectionChange(dispatcher.wake)
  relays.onChange(() => {
    releaseHeld(context).catch((error) => log.error('Held messages could not be released', error))
  })

  return {
    /** Refuses a live message for which there is no relay, before anything is stored. */
    requireRelay(caller: LiveCaller): void {
      if (!relays.hasAny(caller.tenantId)) throw noRelay()
    },

    /** Inserts a delivery per recipient; inside the transaction that stores the message. */
    enqueue(
      _transaction: Transaction,
      _caller: LiveCaller,
      messageId: number,
      recipients: readonly string[],
    ): void {
      for (const recipient of recipients) store.insert(messageId, recipient, clock.now())
    },

    /** Cancels recipients that have no attempt under way; inside a transaction. Returns their number. */
    cancel: (transaction: Transaction, messageId: number, by: LiveCaller): number =>
      cancelRecipients(context, transaction, messageId, by),

    /**
     * Makes deferred and failed recipients due at once; nobody receives the message twice. Inside a
     * transaction, followed by `wake`. Returns the number of recipients.
     */
    retry: (transaction: Transaction, messageId: number, caller: LiveCaller): number =>
      retryRecipients(context, transaction, messageId, caller),

    wake: dispatcher.wake,
    depth: (): number => store.countWaiting(),

    async idle(): Promise<void> {
      await givingUp.idle()
      await dispatcher.idle()
    },

    async close(): Promise<void> {
      closed = true
      relays.slots.close()
      await givingUp.close()
      const { ended } = await dispatcher.close()
      const giveUp = clock.after(maxCloseWaitMs, () => void upstream.close())
      await ended
      giveUp()
    },
  }
}

/** A relay was added or changed: mail that waits for midnight leaves now if there is quota. */
async function releaseHeld({
  relays,
  store,
  queue,
  clock,
  dispatcher,
}: DeliveryContext): Promise<void> {
  const hasRoom = (tenantId: string | null): boolean =>
    relays.hasAny(tenantId) && relays.fullUntil(tenantId) === null
  const tenants = store.heldTenants().filter(hasRoom)
  if (tenants.length > 0) {
    await queue.write(() => {
      for (const tenantId of tenants) store.releaseHeld(tenantId, clock.now())
    })
  }
  dispatcher.wake()
}

/** A stored message that this key may act on; undefined: it was deleted. */
function messageFor(
  { store }: DeliveryContext,
  caller: LiveCaller,
  id: number,
): LiveMessage | undefined {
  const message = store.messageOf(id)
  if (!message) return undefined
  const { mail_from: mailFrom } = message
  checkStoredSender(caller, { mailFrom, readHead: () => store.headOf(id) })
  return message
}

function cancelRecipients(
  context: DeliveryContext,
  transaction: Transaction,
  messageId: number,
  by: LiveCaller,
): number {
  const { store, settling } = context
  const message = messageFor(context, by, messageId)
  if (!message) return 0
  const recipients = store.cancelPending(messageId)
  for (const recipient of recipients) {
    settling.append(transaction, message, 'cancelled', { recipient })
  }
  if (recipients.length > 0) settling.summarizeMessage(messageId)
  return recipients.length
}

function retryRecipients(
  context: DeliveryContext,
  transaction: Transaction,
  messageId: number,
  caller: LiveCaller,
): number {
  const { store, clock, settling } = context
  const message = messageFor(context, caller, messageId)
  if (!message) return 0
  const recipients = store.sendAgain(messageId, clock.now())
  for (const recipient of recipients) {
    settling.append(transaction, message, 'retried', { recipient, by: caller.publicId })
  }
  if (recipients.length > 0) settling.summarizeMessage(messageId)
  return recipients.length
}
