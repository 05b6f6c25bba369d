import { type Clock, iso } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { SendRequest } from '../../contract/messages.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller, TestCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Messages } from './accept.ts'
import type { Composing } from './composing.ts'
import type { Idempotency, SaveReply } from './idempotency.ts'
import { createScheduledStore } from './scheduled-store.ts'
import {
  type Created,
  cancelScheduled,
  dueTime,
  findScheduled,
  reschedule,
  type ScheduleContext,
  schedule,
  startSchedule,
} from './scheduling.ts'

export type Sending = ReturnType<typeof createSending>

export type Sent = { readonly id: string; readonly created_at: string }

type SendingDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
  readonly keys: Keys
  readonly composing: Composing
  readonly messages: Messages
  readonly deliveries: Deliveries
  readonly idempotency: Idempotency
}

type SendingContext = SendingDeps & ScheduleContext & { readonly wake: () => void }

/** Sends at once or later, with an `Idempotency-Key` only once. */
export function createSending(deps: SendingDeps) {
  const store = createScheduledStore(deps.database)
  const loop = startSchedule({ ...deps, store }, deps.log)
  const context: SendingContext = { ...deps, store, wake: loop.wake }

  return {
    /** Captures the message even with a live key. It is never sent. */
    capture: (
      caller: Caller,
      request: SendRequest,
      inbox = caller.inbox,
      requestId?: string,
    ): Promise<Sent> => capture(context, { ...caller, mode: 'test', inbox }, request, requestId),

    /** Sends or schedules a message. */
    send: (
      caller: Caller,
      request: SendRequest,
      idempotencyKey?: string,
      requestId?: string,
    ): Promise<Sent> =>
      deps.idempotency.once<Sent>(caller, idempotencyKey, request, async (saveReply) =>
        sendOrSchedule(context, caller, { request, requestId, saveReply }),
      ),

    findScheduled: (caller: Caller, publicId: string) => findScheduled(store, caller, publicId),
    listScheduled: store.list,
    async reschedule(caller: Caller, publicId: string, at: string): Promise<void> {
      await reschedule(context, caller, publicId, at)
      loop.wake()
    },
    cancel: (caller: Caller, publicId: string): Promise<void> =>
      cancelScheduled(context, caller, publicId),

    wake: loop.wake,
    idle: loop.idle,
    close: loop.close,
  }
}

async function capture(
  { composing, messages }: SendingContext,
  caller: TestCaller,
  request: SendRequest,
  requestId: string | undefined,
): Promise<Sent> {
  const composed = await composing.compose(caller, request)
  return toSent(await messages.accept({ caller, ...composed, protocol: 'http', requestId }))
}

type SendOrder = {
  readonly request: SendRequest
  readonly requestId: string | undefined
  /** Stores the reply for a repeat with the same `Idempotency-Key`, in the same transaction. */
  readonly saveReply: SaveReply<Sent>
}

function sendOrSchedule(context: SendingContext, caller: Caller, order: SendOrder): Promise<Sent> {
  const now = context.clock.now()
  const { scheduled_at: at } = order.request
  const dueAt = at === undefined ? null : dueTime(at, now)
  return dueAt !== null && dueAt > now
    ? sendLater(context, caller, order, dueAt)
    : sendNow(context, caller, order)
}

async function sendNow(
  { composing, messages }: SendingContext,
  caller: Caller,
  { request, requestId, saveReply }: SendOrder,
): Promise<Sent> {
  const composed = await composing.compose(caller, request)
  const { tags, metadata } = request
  const message = await messages.accept({
    caller,
    ...composed,
    protocol: 'http',
    tags,
    metadata,
    requestId,
    onInsert: (transaction, inserted) => saveReply(transaction, toSent(inserted)),
  })
  return toSent(message)
}

async function sendLater(
  context: SendingContext,
  caller: Caller,
  { request, requestId, saveReply }: SendOrder,
  dueAt: number,
): Promise<Sent> {
  const { composing, deliveries, wake } = context
  if (caller.mode === 'live') deliveries.requireRelay(caller)
  const composed = await composing.compose(caller, request)
  const { tags, metadata } = request
  const options = { tags, metadata, requestId }
  const message = await schedule(context, caller, {
    composed,
    dueAt,
    options,
    onInsert: (transaction, inserted) => saveReply(transaction, toSent(inserted)),
  })
  wake()
  return toSent(message)
}

const toSent = ({ publicId, createdAt }: Created): Sent => ({
  id: publicId,
  created_at: iso(createdAt),
})
