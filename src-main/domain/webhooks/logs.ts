import { type Clock, iso, isoOrNull } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import { Fault } from '../../contract/faults.ts'
import type {
  WebhookEvent,
  WebhookFigures,
  WebhookLog,
  WebhookLogQuery,
  WebhookLogStatus,
} from '../../contract/webhooks.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { untilReleased } from '../../storage/restored-queue.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import type { SettingsStore } from '../settings/settings.ts'
import type { EventPayload } from './payloads.ts'
import type { PostOutcome } from './posts.ts'
import { logId, logRowId } from './results.ts'
import type { WebhookRow } from './store.ts'

export type WebhookLogs = ReturnType<typeof createWebhookLogs>

const dayMs = 86_400_000
const sweepEveryMs = 3_600_000
const maxSwept = 500
/** The figures of a webhook cover its newest entries only, however long the log. */
const maxFigureEntries = 100

type LogRow = {
  readonly id: number
  readonly webhook_id: number
  readonly event_id: string
  readonly event: WebhookEvent
  readonly payload: string
  readonly test: number
  readonly status: WebhookLogStatus
  readonly attempts: number
  readonly next_attempt_at: number | null
  readonly last_attempt_at: number | null
  readonly response_status: number | null
  readonly response_body: string | null
  readonly error: string | null
  readonly duration_ms: number | null
  readonly created_at: number
}

type FigureRow = {
  readonly delivered: number
  readonly failed: number
  readonly pending: number
  readonly lastAt: number | null
}

const columns = `
  id, webhook_id, event_id, event, payload, test, status, attempts, next_attempt_at,
  last_attempt_at, response_status, response_body, error, duration_ms, created_at
`

type LogDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
  readonly settings: SettingsStore
}

type LogContext = LogDeps & {
  readonly statements: Statements
}

/** The delivery log of each webhook, kept for the time in the settings. */
export function createWebhookLogs(deps: LogDeps) {
  const { database, queue, clock, provenClock, log, settings } = deps
  const statements = prepareStatements(database)
  const context: LogContext = { ...deps, statements }

  const sweep = startLoop({ name: 'webhook log', clock, log, run })
  sweep.wake()

  async function run(): Promise<number> {
    provenClock.look()
    const deleted = statements.deletedWebhook.get()
    const removedOld = await queue.write(() => {
      if (deleted !== undefined && statements.removeSome.run(deleted).changes < maxSwept) {
        statements.removeWebhook.run(deleted)
      }
      const { keep_webhook_log_days: days } = settings.current()
      if (days === 0) return 0
      const old = statements.lastOld.get(provenClock.stamp(), provenClock.now() - days * dayMs) ?? 0
      return statements.removeThrough.run(old).changes
    })
    if (deleted !== undefined || removedOld === maxSwept) sweep.wake()
    return sweepEveryMs
  }

  return {
    list: (webhook: WebhookRow, query: WebhookLogQuery) => listLog(context, webhook, query),

    /** Outcomes of the newest entries of a webhook. */
    figures: (webhook: WebhookRow): Promise<WebhookFigures> => readFigures(context, webhook),

    /** Makes the delivery due again, with all attempts and the same bytes. */
    replay: (webhook: WebhookRow, publicId: string): Promise<WebhookLog> =>
      replayDelivery(context, webhook, publicId),

    /** A test is stored after its only attempt. */
    recordTest: (
      webhook: WebhookRow,
      payload: EventPayload,
      outcome: PostOutcome,
      error: string | null,
    ): Promise<WebhookLog> => recordTest(context, webhook, payload, outcome, error),

    /** Removes the log of a deleted webhook, in bounded steps. */
    sweep: sweep.wake,

    idle: sweep.idle,
    close: sweep.close,
  }
}

function find({ statements }: LogContext, webhook: WebhookRow, publicId: string): LogRow {
  const row = statements.one.get(logRowId(publicId), webhook.id)
  if (!row) throw new Fault('not_found', `There is no log entry ${publicId} of this webhook.`)
  return row
}

async function listLog({ reader }: LogContext, webhook: WebhookRow, query: WebhookLogQuery) {
  const filters: [string, unknown][] = [['webhook_id = ?', webhook.id]]
  if (query.status) filters.push(['status = ?', query.status])
  if (query.event) filters.push(['event = ?', query.event])
  const paging: [string, unknown][] = []
  if (query.before) paging.push(['id < ?', logRowId(query.before)])
  if (query.after) paging.push(['id > ?', logRowId(query.after)])
  const where = (conditions: readonly [string, unknown][]) =>
    conditions.map(([sql]) => sql).join(' AND ')
  const values = (conditions: readonly [string, unknown][]) => conditions.map(([, value]) => value)
  const all = [...filters, ...paging]
  const rows = await reader.all<LogRow>(
    `SELECT ${columns} FROM webhook_deliveries WHERE ${where(all)}
     ORDER BY id DESC LIMIT ? OFFSET ?`,
    ...values(all),
    query.limit,
    (query.page - 1) * query.limit,
  )
  const counted = await reader.first<{ total: number }>(
    `SELECT count(*) AS total FROM webhook_deliveries WHERE ${where(filters)}`,
    ...values(filters),
  )
  return {
    data: rows.map((row) => toWire(webhook, row)),
    pagination: { page: query.page, limit: query.limit, total: counted?.total ?? 0 },
  }
}

function recordTest(
  context: LogContext,
  webhook: WebhookRow,
  { id, event, payload }: EventPayload,
  outcome: PostOutcome,
  error: string | null,
): Promise<WebhookLog> {
  const { queue, clock, statements, provenClock } = context
  return queue.write(() => {
    const now = clock.now()
    const isAnswered = outcome.type === 'answered'
    const { lastInsertRowid } = statements.insertTest.run(
      webhook.id,
      id,
      event,
      payload,
      error === null ? 'delivered' : 'failed',
      now,
      isAnswered ? outcome.status : null,
      isAnswered ? outcome.body : null,
      error,
      Math.round(outcome.durationMs),
      provenClock.stamp(),
    )
    return toWire(webhook, find(context, webhook, logId(Number(lastInsertRowid))))
  })
}

function replayDelivery(
  context: LogContext,
  webhook: WebhookRow,
  publicId: string,
): Promise<WebhookLog> {
  const { queue, statements, clock } = context
  return queue.write(() => {
    const row = find(context, webhook, publicId)
    if (row.status === 'pending') {
      throw new Fault('conflict', 'This delivery is still in progress. Wait until it ends.')
    }
    statements.restart.run(clock.now(), row.id)
    return toWire(webhook, find(context, webhook, publicId))
  })
}

async function readFigures({ reader }: LogContext, webhook: WebhookRow): Promise<WebhookFigures> {
  const row = await reader.first<FigureRow>(
    `SELECT count(*) FILTER (WHERE status = 'delivered') AS delivered,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'pending') AS pending,
       max(last_attempt_at) AS lastAt
     FROM (
       SELECT status, last_attempt_at FROM webhook_deliveries
       WHERE webhook_id = ? ORDER BY id DESC LIMIT ${maxFigureEntries}
     )`,
    webhook.id,
  )
  const { lastAt = null, delivered = 0, failed = 0, pending = 0 } = row ?? {}
  const last = isoOrNull(lastAt)
  return { webhook_id: webhook.publicId, delivered, failed, pending, last_attempt_at: last }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    one: database.prepare<[number, number], LogRow>(
      `SELECT ${columns} FROM webhook_deliveries WHERE id = ? AND webhook_id = ?`,
    ),
    restart: database.prepare<[number, number]>(`
      UPDATE webhook_deliveries SET status = 'pending', attempts = 0, next_attempt_at = ?
      WHERE id = ?
    `),
    insertTest: database.prepare(`
      INSERT INTO webhook_deliveries (
        webhook_id, event_id, event, payload, test, status, attempts, last_attempt_at,
        response_status, response_body, error, duration_ms, created_at
      ) VALUES (?, ?, ?, ?, 1, ?, 1, ?, ?, ?, ?, ?, ?)
    `),
    // Rows are in insertion order, so the first ones are the oldest, and a row before an old one is old
    // too. A time in the future comes from a clock that was ahead and is ignored.
    lastOld: database
      .prepare<[number, number], number | null>(`
        SELECT max(id) FROM (
          SELECT id, created_at FROM webhook_deliveries WHERE created_at <= ? ORDER BY id
          LIMIT ${maxSwept}
        ) WHERE created_at < ?
      `)
      .pluck(),
    removeThrough: database.prepare<[number]>(`
      DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries WHERE id <= ? ORDER BY id LIMIT ${maxSwept}
      )
    `),
    deletedWebhook: database
      .prepare<[], number>('SELECT id FROM webhooks WHERE deleted_at IS NOT NULL LIMIT 1')
      .pluck(),
    removeSome: database.prepare<[number]>(`
      DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries WHERE webhook_id = ? LIMIT ${maxSwept}
      )
    `),
    removeWebhook: database.prepare<[number]>('DELETE FROM webhooks WHERE id = ?'),
  }
}

function toWire(webhook: WebhookRow, row: LogRow): WebhookLog {
  return {
    id: logId(row.id),
    webhook_id: webhook.publicId,
    event_id: row.event_id,
    event: row.event,
    status: row.status,
    test: row.test === 1,
    attempts: row.attempts,
    response_status: row.response_status,
    response_body: row.response_body,
    error: row.error,
    duration_ms: row.duration_ms,
    next_attempt_at: isoOrNull(row.next_attempt_at === untilReleased ? null : row.next_attempt_at),
    last_attempt_at: isoOrNull(row.last_attempt_at),
    created_at: iso(row.created_at),
    payload: JSON.parse(row.payload) as Record<string, unknown>,
  }
}
