import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { type Loop, startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import { untilReleased } from '../../storage/restored-queue.ts'
import { isTestEvent } from '../auth/event-sight.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import {
  type EventMessage,
  type EventPayload,
  payloadsOf,
  senderAddress,
  webhookEventOf,
} from './payloads.ts'
import type { WebhookStore } from './store.ts'

const follower = 'webhooks'
const maxEvents = 200
/** Rows per transaction; one event may need several transactions. */
const maxRows = 400
const batchMs = 50

type MessageRow = {
  readonly publicId: string
  readonly headerFrom: string
  readonly recipients: string
  readonly subject: string
}

type ScheduledRow = { readonly mailFrom: string; readonly recipients: string }

type Enqueued = { readonly webhookId: number; readonly payload: EventPayload; readonly seq: number }

type EnqueueDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly eventLog: EventLog
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
  readonly keys: Keys
  readonly store: WebhookStore
  readonly onEnqueued: () => void
}

type EnqueueContext = EnqueueDeps & {
  readonly statements: Statements
  closed: boolean
  readonly loop: Loop
}

/** Follows the event log and stores a delivery for each subscribed webhook. */
export function startWebhookEnqueuing(deps: EnqueueDeps) {
  const { database, queue, eventLog, clock, log, store } = deps
  const statements = prepareStatements(database)
  const loop = startLoop({
    name: 'webhook queue',
    clock,
    log,
    run: () => run(context),
    settleMs: batchMs,
  })
  const context: EnqueueContext = { ...deps, statements, closed: false, loop }

  const stopListening = queue.onEvents(loop.wake)
  loop.wake()

  return {
    /**
     * Returns the event after which a webhook that becomes active gets events. The first one skips
     * the earlier events. Runs inside the transaction that activates it.
     */
    subscribeFromEnd(): number {
      if (!store.isAnyStoredActive()) eventLog.moveCursor(follower, eventLog.lastSeq())
      return eventLog.lastSeq()
    },

    wake: loop.wake,
    idle: loop.idle,

    async close(): Promise<void> {
      context.closed = true
      stopListening()
      await loop.close()
    },
  }
}

async function run(context: EnqueueContext): Promise<null> {
  const { store, eventLog, loop } = context
  if (!store.hasActive()) return dropCursor(context)
  const page = eventLog.read(eventLog.cursor(follower), maxEvents)
  const last = page.at(-1)
  if (!last) return null
  let batch: Enqueued[] = []
  let through = page[0] ? page[0].seq - 1 : last.seq
  for (const event of page) {
    for (const row of deliveriesOf(context, event)) {
      if (batch.push(row) < maxRows) continue
      // The cursor stays before this event. After a crash the event is read again, and the
      // unique event id prevents duplicates.
      await write(context, batch, through)
      batch = []
      if (context.closed) return null
    }
    through = event.seq
  }
  await write(context, batch, through)
  if (page.length === maxEvents) loop.wake()
  return null
}

/**
 * Without an active webhook the log is not followed, and a cursor that does not move would keep
 * old events from being deleted. The first webhook sets the cursor to the end of the log.
 */
async function dropCursor({ eventLog, queue, store, statements }: EnqueueContext): Promise<null> {
  if (eventLog.cursor(follower) === 0) return null
  await queue.write(() => {
    if (!store.isAnyStoredActive()) statements.forgetCursor.run(follower)
  })
  return null
}

function* deliveriesOf(context: EnqueueContext, event: StoredEvent): Generator<Enqueued> {
  const { store, keys } = context
  const type = webhookEventOf(event)
  if (type === null) return
  const webhooks = store.subscribedTo(type, event, isTestEvent(event, keys.modeOf))
  if (webhooks.length === 0) return
  for (const payload of payloadsOf(event, type, messageFor(context, event))) {
    for (const { id: webhookId } of webhooks) yield { webhookId, payload, seq: event.seq }
  }
}

/** Null when the message was deleted. */
function messageFor(
  { statements }: EnqueueContext,
  { messageId, data }: StoredEvent,
): EventMessage | null {
  if (messageId !== null) {
    const row = statements.messageOf.get(messageId)
    if (!row) return null
    const { publicId, headerFrom, recipients, subject } = row
    return {
      publicId,
      from: senderAddress(headerFrom),
      recipients: JSON.parse(recipients),
      subject,
    }
  }
  // A scheduled message that failed to send has no message row.
  const publicId = typeof data.email_id === 'string' ? data.email_id : ''
  const row = statements.scheduledOf.get(publicId)
  if (!row) return null
  return { publicId, from: row.mailFrom, recipients: JSON.parse(row.recipients), subject: null }
}

async function write(
  { queue, statements, clock, provenClock, eventLog, onEnqueued }: EnqueueContext,
  batch: readonly Enqueued[],
  through: number,
): Promise<void> {
  await queue.write(() => {
    const heldThrough = statements.heldEvents.get() ?? 0
    for (const { webhookId, payload, seq } of batch) {
      const dueAt = seq <= heldThrough ? untilReleased : clock.now()
      const { id, event, payload: json } = payload
      statements.insert.run(webhookId, id, event, json, dueAt, provenClock.stamp())
    }
    eventLog.moveCursor(follower, through)
  })
  if (batch.length > 0) onEnqueued()
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    messageOf: database.prepare<[number], MessageRow>(`
      SELECT public_id AS publicId, header_from AS headerFrom, rcpt_to AS recipients, subject
      FROM messages WHERE id = ?
    `),
    scheduledOf: database.prepare<[string], ScheduledRow>(
      'SELECT mail_from AS mailFrom, rcpt_to AS recipients FROM scheduled WHERE public_id = ?',
    ),
    insert: database.prepare<[number, string, string, string, number, number]>(`
      INSERT INTO webhook_deliveries (
        webhook_id, event_id, event, payload, status, next_attempt_at, created_at
      ) VALUES (?, ?, ?, ?, 'pending', ?, ?)
      ON CONFLICT (webhook_id, event_id) DO NOTHING
    `),
    heldEvents: database.prepare<[], number>('SELECT event_seq FROM restored_queue').pluck(),
    forgetCursor: database.prepare<[string]>('DELETE FROM cursors WHERE follower = ?'),
  }
}
