import { type Clock, iso } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { EventType } from '../../contract/events.ts'
import { Fault, isStorageFault } from '../../contract/faults.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import { type Caller, sees } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { checkStoredSender } from '../auth/senders.ts'
import { isNew, type Messages } from './accept.ts'
import type { Composed } from './composing.ts'
import type { ScheduledRow, ScheduledStore } from './scheduled-store.ts'
import type { Message, Submission } from './submission.ts'

export type ScheduleContext = {
  readonly store: ScheduledStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly keys: Keys
  readonly messages: Messages
}

/** The fields of a submission that are stored with a scheduled message. */
export type ScheduledOptions = Pick<Submission, 'tags' | 'metadata' | 'requestId'>

const maxDelayMs = 366 * 86_400_000

/** Accepts each scheduled message at its time. */
export function startSchedule(context: ScheduleContext, log: Log) {
  const { store, clock } = context
  const loop = startLoop({
    name: 'schedule',
    clock,
    log,
    async run() {
      for (const row of store.due(clock.now())) await acceptScheduled(context, row)
      const next = store.nextDue()
      return next === null ? null : Math.max(0, next - clock.now())
    },
  })
  loop.wake()
  return loop
}

async function acceptScheduled(context: ScheduleContext, row: ScheduledRow): Promise<void> {
  const { store, queue, keys, messages } = context
  try {
    await messages.accept({
      ...(JSON.parse(row.options ?? '{}') as ScheduledOptions),
      caller: keys.callerOf(row.key_id),
      envelope: { mailFrom: row.mail_from, rcptTo: JSON.parse(row.rcpt_to) as string[] },
      raw: row.raw,
      protocol: 'http',
      publicId: row.public_id,
      ignoresPause: true,
      onInsert: () => store.remove(row.public_id),
    })
  } catch (error) {
    // Tried again: a disk failure is not caused by the message.
    if (!(error instanceof Fault) || isStorageFault(error)) throw error
    await queue.write((transaction) => {
      store.setFailed(row.public_id, error.message)
      append(transaction, 'failed', row, { code: error.code })
    })
  }
}

/** The time of `scheduled_at`. */
export function dueTime(text: string, now: number): number {
  const at = Date.parse(text)
  if (at - now <= maxDelayMs) return at
  throw new Fault('invalid_parameter', '“scheduled_at” may be at most a year ahead.', {
    field: 'scheduled_at',
  })
}

export type Created = Pick<Message, 'publicId' | 'createdAt'>

type NewScheduled = {
  readonly composed: Composed
  readonly dueAt: number
  readonly options: ScheduledOptions
  /** Runs in the transaction of the insert. */
  readonly onInsert: (transaction: Transaction, message: Created) => void
}

/** Stores a message until `dueAt`. */
export async function schedule(
  { store, queue, clock }: ScheduleContext,
  caller: Caller,
  { composed, dueAt, options, onInsert }: NewScheduled,
): Promise<Created> {
  const { envelope, raw } = composed
  const createdAt = clock.now()
  const publicId = timeId('msg', createdAt)
  const owner = { public_id: publicId, key_id: caller.keyId, tenant_id: caller.tenantId }
  await queue.write((transaction) => {
    store.insert({
      ...owner,
      mode: caller.mode,
      due_at: dueAt,
      mail_from: envelope.mailFrom,
      rcpt_to: JSON.stringify(envelope.rcptTo),
      raw,
      options: JSON.stringify(options),
      created_at: createdAt,
    })
    onInsert(transaction, { publicId, createdAt })
    append(transaction, 'scheduled', owner, {
      due_at: iso(dueAt),
      recipients: envelope.rcptTo.length,
    })
  }, isNew)
  return { publicId, createdAt }
}

export async function reschedule(
  context: ScheduleContext,
  caller: Caller,
  publicId: string,
  at: string,
): Promise<void> {
  const { store, queue, clock } = context
  const row = requireScheduled(store, caller, publicId)
  await queue.write((transaction) => {
    store.setDue(publicId, dueTime(at, clock.now()))
    append(transaction, 'scheduled', row, { due_at: at })
  })
}

export async function cancelScheduled(
  { store, queue }: ScheduleContext,
  caller: Caller,
  publicId: string,
): Promise<void> {
  const row = requireScheduled(store, caller, publicId)
  await queue.write((transaction) => {
    store.setCancelled(publicId)
    append(transaction, 'cancelled', row, {})
  })
}

/** Null for a scheduled message that this caller may not see. */
export function findScheduled(
  store: ScheduledStore,
  caller: Caller,
  publicId: string,
): ScheduledRow | null {
  const row = store.find(publicId)
  return row && sees(caller, row) ? row : null
}

function requireScheduled(store: ScheduledStore, caller: Caller, publicId: string): ScheduledRow {
  const row = findScheduled(store, caller, publicId)
  if (!row) {
    throw new Fault('not_found', `There is no scheduled email ${publicId}. It may have been sent.`)
  }
  checkStoredSender(caller, { mailFrom: row.mail_from, readHead: () => row.raw })
  if (row.status === 'scheduled') return row
  throw new Fault('conflict', `The email ${publicId} is ${row.status} and no longer scheduled.`)
}

function append(
  transaction: Transaction,
  type: EventType,
  row: Pick<ScheduledRow, 'public_id' | 'key_id' | 'tenant_id'>,
  data: Readonly<Record<string, unknown>>,
): void {
  transaction.append({
    type,
    keyId: row.key_id,
    tenantId: row.tenant_id,
    data: { email_id: row.public_id, ...data },
  })
}
