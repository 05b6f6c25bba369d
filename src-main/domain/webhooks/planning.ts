import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import { untilReleased } from '../../storage/restored-queue.ts'
import { isTestEvent } from '../auth/event-sight.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { type Notice, noticesOf, plainFrom, type ToldMessage, webhookEventOf } from './payloads.ts'
import type { WebhookStore } from './store.ts'

const follower = 'webhooks'
const eventsAtOnce = 200
/** A bound for one transaction: a thousand recipients and many webhooks come in several. */
const rowsAtOnce = 400
const gatherMs = 50

type MessageRow = {
  readonly publicId: string
  readonly headerFrom: string
  readonly recipients: string
  readonly subject: string
}

type ScheduledRow = { readonly mailFrom: string; readonly recipients: string }

type Planned = { readonly webhookId: number; readonly notice: Notice; readonly seq: number }

type PlanningDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly eventLog: EventLog
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
  readonly keys: Keys
  readonly store: WebhookStore
  /** Something was planned. */
  readonly planned: () => void
}

/** Follows the event log and writes down what each webhook is to be told. */
export function startWebhookPlanning(deps: PlanningDeps) {
  const { database, queue, eventLog, clock, provenClock, log, keys, store, planned } = deps
  const messageOf = database.prepare<[number], MessageRow>(`
    SELECT public_id AS publicId, header_from AS headerFrom, rcpt_to AS recipients, subject
    FROM messages WHERE id = ?
  `)
  const scheduledOf = database.prepare<[string], ScheduledRow>(
    'SELECT mail_from AS mailFrom, rcpt_to AS recipients FROM scheduled WHERE public_id = ?',
  )
  const insert = database.prepare<[number, string, string, string, number, number]>(`
    INSERT INTO webhook_deliveries (
      webhook_id, event_id, event, payload, status, next_attempt_at, created_at
    ) VALUES (?, ?, ?, ?, 'pending', ?, ?)
    ON CONFLICT (webhook_id, event_id) DO NOTHING
  `)
  const heldEvents = database.prepare<[], number>('SELECT event_seq FROM restored_queue').pluck()
  const forgetCursor = database.prepare<[string]>('DELETE FROM cursors WHERE follower = ?')
  let closed = false

  const loop = startLoop({ name: 'webhook planning', clock, log, run, settleMs: gatherMs })
  const stopListening = queue.onEvents(loop.wake)
  loop.wake()

  async function run(): Promise<null> {
    if (!store.hasActive()) return leave()
    const page = eventLog.read(eventLog.cursor(follower), eventsAtOnce)
    const last = page.at(-1)
    if (!last) return null
    let batch: Planned[] = []
    let through = page[0] ? page[0].seq - 1 : last.seq
    for (const event of page) {
      for (const row of plan(event)) {
        if (batch.push(row) < rowsAtOnce) continue
        // Not past this event yet: if the process ends here, what is planned twice is kept once.
        await write(batch, through)
        batch = []
        if (closed) return null
      }
      through = event.seq
    }
    await write(batch, through)
    if (page.length === eventsAtOnce) loop.wake()
    return null
  }

  /**
   * With nobody to tell, the log is not followed, and a cursor that stands still would keep its old
   * events from being deleted. The first webhook sets the cursor to the end of the log.
   */
  async function leave(): Promise<null> {
    if (eventLog.cursor(follower) === 0) return null
    await queue.write(() => {
      if (!store.isAnyStoredActive()) forgetCursor.run(follower)
    })
    return null
  }

  function* plan(event: StoredEvent): Generator<Planned> {
    const type = webhookEventOf(event)
    if (type === null) return
    const webhooks = store.listeningTo(type, event, isTestEvent(event, keys.modeOf))
    if (webhooks.length === 0) return
    for (const notice of noticesOf(event, type, messageFor(event))) {
      for (const { id: webhookId } of webhooks) yield { webhookId, notice, seq: event.seq }
    }
  }

  /** Null when it has been deleted since: there is nothing left to tell of. */
  function messageFor({ messageId, data }: StoredEvent): ToldMessage | null {
    if (messageId !== null) {
      const row = messageOf.get(messageId)
      if (!row) return null
      const { publicId, headerFrom, recipients, subject } = row
      return { publicId, from: plainFrom(headerFrom), recipients: JSON.parse(recipients), subject }
    }
    // One that failed when its time came has no message, only what was kept for later.
    const publicId = typeof data.email_id === 'string' ? data.email_id : ''
    const row = scheduledOf.get(publicId)
    if (!row) return null
    return { publicId, from: row.mailFrom, recipients: JSON.parse(row.recipients), subject: null }
  }

  async function write(batch: readonly Planned[], through: number): Promise<void> {
    await queue.write(() => {
      const heldThrough = heldEvents.get() ?? 0
      for (const { webhookId, notice, seq } of batch) {
        const dueAt = seq <= heldThrough ? untilReleased : clock.now()
        insert.run(webhookId, notice.id, notice.event, notice.payload, dueAt, provenClock.stamp())
      }
      eventLog.moveCursor(follower, through)
    })
    if (batch.length > 0) planned()
  }

  return {
    /** Inside the transaction that makes the first webhook active: what came before is not for it. */
    startHere: (): void => eventLog.moveCursor(follower, eventLog.lastSeq()),
    wake: loop.wake,
    idle: loop.idle,

    async close(): Promise<void> {
      closed = true
      stopListening()
      await loop.close()
    },
  }
}
