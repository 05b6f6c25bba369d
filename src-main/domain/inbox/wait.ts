import { type Clock, iso } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { WaitedMessage, WaitQuery } from '../../contract/wait.ts'
import type { Address } from '../../contract/wire.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, ownersOf } from '../auth/caller.ts'
import type { MessageTimes } from '../messages/message-times.ts'
import type { Extracts } from './extract.ts'
import type { Inbox } from './inbox.ts'
import { createRecentArrivals } from './recent-arrivals.ts'
import type { Between, SearchPlan } from './search.ts'
import type { InboxSelection } from './selection.ts'

export type Waits = ReturnType<typeof createWaits>

type Arrival = {
  readonly id: number
  readonly public_id: string
  readonly tenant_id: string | null
  readonly inbox: string
  readonly header_from: string
  readonly rcpt_to: string
  readonly subject: string
  readonly received_at: number
}

type Waiter = {
  readonly caller: Caller
  readonly query: WaitQuery
  /** Null when the query needs no index. */
  readonly search: ((between: Between) => SearchPlan) | null
  readonly signal: AbortSignal
  /** Messages that match everything but the query, and are not indexed yet. */
  readonly unindexed: Set<number>
  /** The running search of the index; there is one at a time. */
  running: Promise<void> | null
  /** The search after it. */
  next: Promise<void> | null
  readonly found: (messageId: number) => void
  readonly failed: (error: unknown) => void
}

/** A wait considers messages after this id, received at this time or later. */
type Start = { readonly afterId: number; readonly notBefore: number }

const columns = 'id, public_id, tenant_id, inbox, header_from, rcpt_to, subject, received_at'

/** A test that sends first and waits second must find its message. */
const graceMs = 10_000
const pageSize = 500
const maxArrivals = 20

type WaitDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly inbox: Inbox
  readonly selection: InboxSelection
  readonly messageTimes: MessageTimes
  readonly extracts: Extracts
  readonly clock: Clock
}

type WaitState = {
  /** The last event that the waiters have seen. */
  seq: number
  stopListening: () => void
}

type WaitContext = WaitDeps & {
  readonly statements: Statements
  readonly waiters: Set<Waiter>
  readonly state: WaitState
  /** The last message before the grace time; null: unknown. */
  readonly beforeRecent: () => number | null
}

/** Holds callers until a matching message arrives. Commits wake them, never a timer. */
export function createWaits(deps: WaitDeps) {
  const context: WaitContext = {
    ...deps,
    statements: prepareStatements(deps.database),
    waiters: new Set(),
    state: { seq: 0, stopListening: () => undefined },
    beforeRecent: createRecentArrivals(deps, graceMs),
  }

  return {
    /** The newest matching message. The refusal after the timeout lists what did arrive. */
    next: (caller: Caller, query: WaitQuery, signal: AbortSignal): Promise<WaitedMessage> =>
      nextMessage(context, caller, query, signal),

    count: () => context.waiters.size,
  }
}

function add(context: WaitContext, waiter: Waiter): void {
  const { waiters, state, eventLog, queue } = context
  if (waiters.size === 0) {
    state.seq = eventLog.lastSeq()
    state.stopListening = queue.onEvents(() => readEvents(context))
  }
  waiters.add(waiter)
}

function remove({ waiters, state }: WaitContext, waiter: Waiter): void {
  waiters.delete(waiter)
  if (waiters.size === 0) state.stopListening()
}

/** Reads the log once for all waiters. */
function readEvents(context: WaitContext): void {
  const { eventLog, state, statements, waiters } = context
  for (;;) {
    const page = eventLog.read(state.seq, pageSize)
    for (const { type, messageId } of page) {
      if (type === 'captured' && messageId !== null) offer(context, statements.byId.get(messageId))
      if (type === 'indexed') for (const waiter of waiters) searchSoon(context, waiter)
    }
    state.seq = page.at(-1)?.seq ?? state.seq
    if (page.length < pageSize || waiters.size === 0) return
  }
}

function offer({ waiters }: WaitContext, arrival: Arrival | undefined): void {
  if (!arrival) return
  for (const waiter of waiters) {
    if (!isWanted(waiter, arrival)) continue
    if (waiter.search === null) waiter.found(arrival.id)
    else waiter.unindexed.add(arrival.id)
  }
}

function searchSoon(context: WaitContext, waiter: Waiter): void {
  if (waiter.unindexed.size > 0) searchIndexed(context, waiter).then(undefined, waiter.failed)
}

/** One search at a time; all requests during a search share the next one. */
function searchIndexed(context: WaitContext, waiter: Waiter): Promise<void> {
  if (waiter.next) return waiter.next
  if (waiter.running) {
    waiter.next = waiter.running
      .catch(() => undefined)
      .then(() => {
        waiter.next = null
        return searchIndexed(context, waiter)
      })
    return waiter.next
  }
  waiter.running = searchCandidates(context, waiter).finally(() => {
    waiter.running = null
  })
  return waiter.running
}

/** Searches the candidates that the index knows by now; the others wait for its next batch. */
async function searchCandidates({ waiters, reader }: WaitContext, waiter: Waiter): Promise<void> {
  const { search, caller, signal, unindexed } = waiter
  if (search === null || unindexed.size === 0 || !waiters.has(waiter)) return
  const ids = [...unindexed]
  const { from, id, conditions } = search({
    after: ids.reduce((min, one) => Math.min(min, one)) - 1,
    before: ids.reduce((max, one) => Math.max(max, one)) + 1,
  })
  const rows = await reader.search<{ id: number; hit: number }>(
    { owners: ownersOf(caller), signal, isPatient: true },
    `SELECT indexed.message_id AS id, indexed.message_id IN (
       SELECT ${id} FROM ${from} WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
     ) AS hit
     FROM search.digests AS indexed
     WHERE indexed.message_id IN (SELECT value FROM json_each(?))
     ORDER BY indexed.message_id DESC`,
    ...conditions.flatMap(([, values]) => values),
    JSON.stringify(ids),
  )
  for (const row of rows) unindexed.delete(row.id)
  const hit = rows.find((row) => row.hit === 1)
  if (hit) waiter.found(hit.id)
}

/** Searches the messages that arrived before the wait, newest first. */
async function searchEarlier(context: WaitContext, waiter: Waiter, start: Start): Promise<void> {
  const { waiters } = context
  let beforeId = Number.MAX_SAFE_INTEGER
  while (waiters.has(waiter)) {
    const page = await earlier(context, waiter.caller, start, beforeId, pageSize)
    const wanted = page.filter((arrival) => isWanted(waiter, arrival))
    if (waiter.search === null) {
      const [newest] = wanted
      if (newest) return waiter.found(newest.id)
    } else if (wanted.length > 0) {
      for (const { id } of wanted) waiter.unindexed.add(id)
      await searchIndexed(context, waiter)
    }
    if (page.length < pageSize) return
    beforeId = page.at(-1)?.id ?? 0
  }
}

async function earlier(
  { reader }: WaitContext,
  caller: Caller,
  start: Start,
  beforeId: number,
  limit: number,
) {
  return reader.all<Arrival>(
    `SELECT ${columns} FROM messages
     WHERE inbox IS NOT NULL AND status = 'captured' AND id > ? AND id < ?
       AND received_at >= ? AND (? IS NULL OR tenant_id = ?)
     ORDER BY id DESC LIMIT ?`,
    start.afterId,
    beforeId,
    start.notBefore,
    caller.tenantId,
    caller.tenantId,
    limit,
  )
}

function startOf(
  { statements, beforeRecent, clock, messageTimes }: WaitContext,
  { after }: WaitQuery,
): Start {
  if (after?.startsWith('msg_')) return { afterId: statements.idOf.get(after) ?? 0, notBefore: 0 }
  const recent = after === undefined ? beforeRecent() : null
  if (recent !== null) return { afterId: recent, notBefore: 0 }
  const notBefore = after === undefined ? clock.now() - graceMs : Date.parse(after)
  // If the clock was never set back, the first range holds every message before this time.
  const [first] = messageTimes.receivedBefore(notBefore)
  return { afterId: first?.first === 0 ? first.last : 0, notBefore }
}

function searchOf({ clock, selection }: WaitContext, { query }: WaitQuery): Waiter['search'] {
  const now = clock.now()
  return selection.plan(query, now).isEmpty
    ? null
    : (between) => selection.plan(query, now, between)
}

/** The id of the first matching message, or null after the timeout. */
function arrival(
  context: WaitContext,
  caller: Caller,
  query: WaitQuery,
  start: Start,
  signal: AbortSignal,
) {
  const { waiters, clock } = context
  return new Promise<number | null>((resolve, reject) => {
    const end = (settle: () => void): void => {
      if (!waiters.has(waiter)) return
      remove(context, waiter)
      cancelTimer()
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const waiter: Waiter = {
      caller,
      query,
      search: searchOf(context, query),
      signal,
      unindexed: new Set(),
      running: null,
      next: null,
      found: (id) => end(() => resolve(id)),
      failed: (error) => end(() => reject(error)),
    }
    const onAbort = (): void =>
      waiter.failed(new Fault('request_timeout', 'The client closed the request.'))
    // Even a short timeout waits until all earlier messages are searched.
    const cancelTimer = clock.after(query.timeout * 1000, () => {
      searched.then(() => end(() => resolve(null)))
    })
    add(context, waiter)
    const searched = searchEarlier(context, waiter, start).catch(waiter.failed)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

async function nextMessage(
  context: WaitContext,
  caller: Caller,
  query: WaitQuery,
  signal: AbortSignal,
): Promise<WaitedMessage> {
  const { statements, inbox, extracts } = context
  const start = startOf(context, query)
  const id = await arrival(context, caller, query, start, signal)
  const publicId = id === null ? undefined : statements.byId.get(id)?.public_id
  if (publicId === undefined) {
    throw noMatch(
      query,
      await earlier(context, caller, start, Number.MAX_SAFE_INTEGER, maxArrivals),
    )
  }
  const [message, extract] = await Promise.all([
    inbox.get(caller, publicId),
    extracts.ofOrEmpty(caller, publicId),
  ])
  return { ...message, ...extract }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    byId: database.prepare<[number], Arrival>(
      `SELECT ${columns} FROM messages WHERE id = ? AND inbox IS NOT NULL`,
    ),
    idOf: database.prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?').pluck(),
  }
}

function isWanted({ caller, query }: Waiter, arrival: Arrival): boolean {
  if (caller.tenantId !== null && caller.tenantId !== arrival.tenant_id) return false
  if (query.inbox !== undefined && query.inbox !== arrival.inbox) return false
  if (query.subject !== undefined && !contains(arrival.subject, query.subject)) return false
  return query.to === undefined || isTo(query.to.toLowerCase(), arrival)
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** A complete address matches exactly: `ann@example.com` must not find `joann@example.com`. */
function isTo(wanted: string, { rcpt_to: rcptTo }: Arrival): boolean {
  const addresses = (JSON.parse(rcptTo) as string[]).map((address) => address.toLowerCase())
  const isWhole = wanted.slice(1, -1).includes('@')
  return addresses.some((address) => (isWhole ? address === wanted : address.includes(wanted)))
}

function noMatch(query: WaitQuery, arrivals: readonly Arrival[]): Fault {
  const advice =
    arrivals.length === 0
      ? 'No other message arrived either: check that your app sends to MailSage with a test key'
      : 'Other messages did arrive; they are in “details.arrived”: compare inbox, recipient and subject'
  return new Fault(
    'request_timeout',
    `No matching message arrived within ${query.timeout} seconds. ${advice}.`,
    {
      arrived: arrivals.map((arrival) => ({
        id: arrival.public_id,
        inbox: arrival.inbox,
        from: JSON.parse(arrival.header_from) as Address,
        to: JSON.parse(arrival.rcpt_to) as string[],
        subject: arrival.subject,
        received_at: iso(arrival.received_at),
      })),
    },
  )
}
