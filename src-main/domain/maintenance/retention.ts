import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { EventType } from '../../contract/events.ts'
import type { LiveSettings } from '../../contract/settings.ts'
import type { RetentionPreview, RetentionQuery } from '../../contract/storage.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import { type LiveCaller, requireInstallation } from '../auth/caller.ts'
import type { MessageTimes } from '../messages/message-times.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import type { SettingsStore } from '../settings/settings.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** Rows per transaction, so that mail is accepted in between. */
const messageChunk = 200
const eventChunk = 1000
const eventWindow = 20_000
const settleMs = 900

/** Queued and scheduled messages are never deleted. */
const finished = "status IN ('captured', 'delivered', 'bounced', 'failed', 'cancelled')"

/** Events that usage has counted, or that matter only while they happen. Audit and alerts stay. */
const shortLived: readonly EventType[] = ['request', 'session', 'junk', 'indexed', 'inbox.changed']

export type Retention = ReturnType<typeof startRetention>

/** 0 means no limit. */
type RetentionLimits = Pick<LiveSettings, keyof RetentionQuery>

type RetentionDeps = {
  readonly settings: SettingsStore
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly messageTimes: MessageTimes
  readonly indexing: Indexing
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
}

/** Rows before `cutoff` are old; a time after `now` comes from a clock that was ahead. */
type Age = { readonly cutoff: number; readonly now: number }

type Old = { readonly id: number; readonly tenantId: string | null }

type RetentionState = {
  /** By the monotonic clock. */
  logSweptAt: number
  /** The newest message at the last count. */
  countedThrough: number
  /** The settings of the last run. */
  known: LiveSettings
}

type RetentionContext = RetentionDeps & {
  readonly statements: Statements
  readonly state: RetentionState
}

/**
 * Deletes messages and log entries beyond the limits in the settings, in bounded steps and in
 * insertion order, which no clock can change. The proven clock measures their age.
 */
export function startRetention(deps: RetentionDeps) {
  const { settings, database, queue, clock, log } = deps
  const statements = prepareStatements(database)
  const state: RetentionState = {
    logSweptAt: Number.NEGATIVE_INFINITY,
    countedThrough: 0,
    known: settings.current(),
  }
  const context: RetentionContext = { ...deps, statements, state }

  const loop = startLoop({
    name: 'retention',
    clock,
    log,
    run: () => run(context),
    settleMs,
  })

  const stopListening = queue.onEvents(() => {
    const limits = settings.current()
    if (limits !== state.known) {
      state.known = limits
      state.logSweptAt = Number.NEGATIVE_INFINITY
      state.countedThrough = 0
      loop.wake()
    }
    // The number of messages is checked after each commit; their age once an hour.
    if (limits.keep_messages > 0) loop.wake()
  })
  loop.wake()

  return {
    /** Counts what other limits would delete. A limit that is not given keeps its current value. */
    preview: (caller: LiveCaller, query: RetentionQuery): Promise<RetentionPreview> =>
      previewRetention(context, caller, query),

    idle: loop.idle,
    async close(): Promise<void> {
      stopListening()
      await loop.close()
    },
  }
}

async function run(context: RetentionContext): Promise<number> {
  const { settings, provenClock, messageTimes, clock, state } = context
  const limits = settings.current()
  provenClock.look()
  if (limits.keep_days > 0)
    await removeThrough(context, messageTimes.lastOlderThan(age(context, limits.keep_days)))
  if (limits.keep_messages > 0) await keepNewest(context, limits.keep_messages)
  if (limits.keep_log_days > 0 && clock.elapsed() - state.logSweptAt >= dayMs) {
    await sweepLog(context, age(context, limits.keep_log_days))
    state.logSweptAt = clock.elapsed()
  }
  return hourMs
}

const age = ({ provenClock }: RetentionContext, days: number): Age => ({
  cutoff: provenClock.now() - days * dayMs,
  now: provenClock.stamp(),
})

async function keepNewest(context: RetentionContext, max: number): Promise<void> {
  const { statements, state } = context
  const last = statements.lastId.get() ?? 0
  // Counting is a scan, so it is repeated only after 1 % new messages.
  if (last - state.countedThrough < Math.max(1, max / 100)) return
  await removeThrough(context, await lastExcess(context, max))
  state.countedThrough = last
}

/** The newest message beyond the limit; 0 when there is none. */
async function lastExcess(context: RetentionContext, max: number): Promise<number> {
  const { reader } = context
  const excess = (await count(context, 'SELECT count(*) AS count FROM messages')) - max
  if (excess <= 0) return 0
  const last = await reader.first<{ id: number }>(
    'SELECT id FROM messages ORDER BY id LIMIT 1 OFFSET ?',
    excess - 1,
  )
  return last?.id ?? 0
}

async function countMessages(context: RetentionContext, limits: RetentionLimits): Promise<number> {
  const { messageTimes } = context
  const { keep_days: days, keep_messages: max } = limits
  const byAge = days > 0 ? messageTimes.lastOlderThan(age(context, days)) : 0
  const byNumber = max > 0 ? await lastExcess(context, max) : 0
  return count(
    context,
    `SELECT count(*) AS count FROM messages WHERE id <= ? AND ${finished}`,
    Math.max(byAge, byNumber),
  )
}

async function countLogs(context: RetentionContext, days: number): Promise<number> {
  const { eventLog } = context
  if (days === 0) return 0
  return count(
    context,
    `SELECT count(*) AS count FROM events
     WHERE seq <= ? AND type IN (${shortLived.map(() => '?').join(', ')})`,
    eventLog.lastOlderThan(age(context, days)),
    ...shortLived,
  )
}

async function countWebhookLogs(context: RetentionContext, days: number): Promise<number> {
  if (days === 0) return 0
  return count(
    context,
    'SELECT count(*) AS count FROM webhook_deliveries WHERE created_at < ?',
    age(context, days).cutoff,
  )
}

async function count(
  { reader }: RetentionContext,
  sql: string,
  ...parameters: readonly unknown[]
): Promise<number> {
  return (await reader.first<{ count: number }>(sql, ...parameters))?.count ?? 0
}

async function removeThrough(context: RetentionContext, id: number): Promise<void> {
  const { reader, indexing } = context
  let after = 0
  for (;;) {
    const old = await reader.all<Old>(
      `SELECT id, tenant_id AS tenantId FROM messages
       WHERE id > ? AND id <= ? AND ${finished} ORDER BY id LIMIT ?`,
      after,
      id,
      messageChunk,
    )
    const last = old.at(-1)
    if (!last) return
    await removeChunk(context, old)
    indexing.forget(old.map((message) => message.id))
    after = last.id
  }
}

function removeChunk({ queue, statements }: RetentionContext, old: readonly Old[]): Promise<void> {
  return queue.write((transaction) => {
    const removed = old.filter(({ id }) => statements.removeMessage.run(id).changes > 0)
    for (const tenantId of new Set(removed.map((message) => message.tenantId))) {
      const count = removed.filter((message) => message.tenantId === tenantId).length
      transaction.append({
        type: 'inbox.changed',
        tenantId,
        data: { change: 'deleted', count, reason: 'retention' },
      })
    }
  })
}

async function sweepLog(
  { eventLog, statements, reader, queue }: RetentionContext,
  span: Age,
): Promise<void> {
  // Events that a consumer has not read yet stay, whatever their age.
  const end = Math.min(eventLog.lastOlderThan(span), statements.minCursor.get() ?? 0) + 1
  for (let start = 0; start < end; start += eventWindow) {
    const rows = await reader.all<{ seq: number }>(
      `SELECT seq FROM events
       WHERE seq >= ? AND seq < ? AND (
         type IN (${shortLived.map(() => '?').join(', ')})
         OR message_id IS NOT NULL AND message_id NOT IN (SELECT id FROM messages)
       )`,
      start,
      Math.min(end, start + eventWindow),
      ...shortLived,
    )
    for (let at = 0; at < rows.length; at += eventChunk) {
      const chunk = rows.slice(at, at + eventChunk)
      await queue.write(() => {
        for (const { seq } of chunk) statements.removeEvent.run(seq)
      })
    }
  }
  await queue.write(() => statements.removeAlerts.run(span.cutoff))
  while ((await queue.write(() => statements.removeTranscripts.run(span.cutoff).changes)) > 0);
}

async function previewRetention(
  context: RetentionContext,
  caller: LiveCaller,
  query: RetentionQuery,
): Promise<RetentionPreview> {
  const { settings } = context
  requireInstallation(caller, 'preview the retention')
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const limits: RetentionLimits = { ...settings.current(), ...Object.fromEntries(given) }
  return {
    messages: await countMessages(context, limits),
    log_entries: await countLogs(context, limits.keep_log_days),
    webhook_log_entries: await countWebhookLogs(context, limits.keep_webhook_log_days),
  }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    lastId: database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck(),
    removeMessage: database.prepare<[number]>(`DELETE FROM messages WHERE id = ? AND ${finished}`),
    removeEvent: database.prepare<[number]>('DELETE FROM events WHERE seq = ?'),
    minCursor: database
      .prepare<[], number | null>(`
      SELECT min(seq) FROM cursors WHERE follower <> 'usage-hours'
    `)
      .pluck(),
    removeTranscripts: database.prepare<[number]>(`
      DELETE FROM transcripts WHERE name IN (
        SELECT name FROM transcripts WHERE name >= 'req_' AND name < 'req\`' AND at < ? LIMIT 500
      )
    `),
    removeAlerts: database.prepare<[number]>('DELETE FROM alerts WHERE cleared_at < ?'),
  }
}
