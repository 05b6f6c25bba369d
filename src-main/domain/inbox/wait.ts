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
  /** What the query asks of the index; null: nothing. */
  readonly search: ((between: Between) => SearchPlan) | null
  readonly signal: AbortSignal
  /** Match in all but the query, which needs what the index does not know yet. */
  readonly unread: Set<number>
  /** The index is asked for it once at a time. */
  asking: Promise<void> | null
  next: Promise<void> | null
  readonly found: (messageId: number) => void
  readonly failed: (error: unknown) => void
}

/** Where a wait begins to count messages: behind an id, and not before a time. */
type Start = { readonly afterId: number; readonly notBefore: number }

const columns = 'id, public_id, tenant_id, inbox, header_from, rcpt_to, subject, received_at'

/** A test that sends first and waits second must find what it sent. */
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

/** Holds callers until a message comes that they wait for; woken by commits, never by a timer. */
export function createWaits(deps: WaitDeps) {
  const { database, queue, reader, eventLog, inbox, selection, messageTimes } = deps
  const { extracts, clock } = deps
  const byId = database.prepare<[number], Arrival>(
    `SELECT ${columns} FROM messages WHERE id = ? AND inbox IS NOT NULL`,
  )
  const idOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()

  const beforeRecent = createRecentArrivals({ database, queue, clock }, graceMs)
  const waiters = new Set<Waiter>()
  let seq = 0
  let stopListening = (): void => undefined

  function join(waiter: Waiter): void {
    if (waiters.size === 0) {
      seq = eventLog.lastSeq()
      stopListening = queue.onEvents(look)
    }
    waiters.add(waiter)
  }

  function leave(waiter: Waiter): void {
    waiters.delete(waiter)
    if (waiters.size === 0) stopListening()
  }

  /** One read of the log for all who wait. */
  function look(): void {
    for (;;) {
      const page = eventLog.read(seq, pageSize)
      for (const { type, messageId } of page) {
        if (type === 'captured' && messageId !== null) offer(byId.get(messageId))
        if (type === 'indexed') for (const waiter of waiters) readWords(waiter)
      }
      seq = page.at(-1)?.seq ?? seq
      if (page.length < pageSize || waiters.size === 0) return
    }
  }

  function offer(arrival: Arrival | undefined): void {
    if (!arrival) return
    for (const waiter of waiters) {
      if (!isWanted(waiter, arrival)) continue
      if (waiter.search === null) waiter.found(arrival.id)
      else waiter.unread.add(arrival.id)
    }
  }

  function readWords(waiter: Waiter): void {
    if (waiter.unread.size > 0) firstWithWords(waiter).then(undefined, waiter.failed)
  }

  /** One request at a time; all that come while it runs become the next one. */
  function firstWithWords(waiter: Waiter): Promise<void> {
    if (waiter.next) return waiter.next
    if (waiter.asking) {
      waiter.next = waiter.asking
        .catch(() => undefined)
        .then(() => {
          waiter.next = null
          return firstWithWords(waiter)
        })
      return waiter.next
    }
    waiter.asking = askIndex(waiter).finally(() => {
      waiter.asking = null
    })
    return waiter.asking
  }

  /** Asks the index for the query; what it has not come to yet stays for its next round. */
  async function askIndex(waiter: Waiter): Promise<void> {
    const { search, caller, signal, unread } = waiter
    if (search === null || unread.size === 0 || !waiters.has(waiter)) return
    const ids = [...unread]
    const { from, id, conditions } = search({
      after: ids.reduce((least, one) => Math.min(least, one)) - 1,
      before: ids.reduce((most, one) => Math.max(most, one)) + 1,
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
    for (const row of rows) unread.delete(row.id)
    const hit = rows.find((row) => row.hit === 1)
    if (hit) waiter.found(hit.id)
  }

  /** What was there before the wait, newest first; answers whether anything matched. */
  async function lookBack(waiter: Waiter, start: Start): Promise<void> {
    let beforeId = Number.MAX_SAFE_INTEGER
    while (waiters.has(waiter)) {
      const page = await earlier(waiter.caller, start, beforeId, pageSize)
      const wanted = page.filter((arrival) => isWanted(waiter, arrival))
      if (waiter.search === null) {
        const [newest] = wanted
        if (newest) return waiter.found(newest.id)
      } else if (wanted.length > 0) {
        for (const { id } of wanted) waiter.unread.add(id)
        await firstWithWords(waiter)
      }
      if (page.length < pageSize) return
      beforeId = page.at(-1)?.id ?? 0
    }
  }

  async function earlier(caller: Caller, start: Start, beforeId: number, limit: number) {
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

  function startOf({ after }: WaitQuery): Start {
    if (after?.startsWith('msg_')) return { afterId: idOf.get(after) ?? 0, notBefore: 0 }
    const recent = after === undefined ? beforeRecent() : null
    if (recent !== null) return { afterId: recent, notBefore: 0 }
    const notBefore = after === undefined ? clock.now() - graceMs : Date.parse(after)
    // Where the clock was never set back, all before this time lie in front.
    const [front] = messageTimes.receivedBefore(notBefore)
    return { afterId: front?.first === 0 ? front.last : 0, notBefore }
  }

  function searchOf({ query }: WaitQuery): Waiter['search'] {
    const now = clock.now()
    return selection.plan(query, now).isEmpty
      ? null
      : (between) => selection.plan(query, now, between)
  }

  /** The id of the message that came, or null when the time is over. */
  function arrival(caller: Caller, query: WaitQuery, start: Start, signal: AbortSignal) {
    return new Promise<number | null>((resolve, reject) => {
      const end = (settle: () => void): void => {
        if (!waiters.has(waiter)) return
        leave(waiter)
        cancelTimer()
        signal.removeEventListener('abort', gone)
        settle()
      }
      const waiter: Waiter = {
        caller,
        query,
        search: searchOf(query),
        signal,
        unread: new Set(),
        asking: null,
        next: null,
        found: (id) => end(() => resolve(id)),
        failed: (error) => end(() => reject(error)),
      }
      const gone = (): void => waiter.failed(new Fault('request_timeout', 'Nobody waits any more.'))
      // Not before all that was there has been looked at, however short the time.
      const cancelTimer = clock.after(query.timeout * 1000, () => {
        lookedBack.then(() => end(() => resolve(null)))
      })
      join(waiter)
      const lookedBack = lookBack(waiter, start).catch(waiter.failed)
      signal.addEventListener('abort', gone, { once: true })
      if (signal.aborted) gone()
    })
  }

  return {
    /** The message waited for; several that match: the newest. 408 with what did arrive. */
    async next(caller: Caller, query: WaitQuery, signal: AbortSignal): Promise<WaitedMessage> {
      const start = startOf(query)
      const id = await arrival(caller, query, start, signal)
      const publicId = id === null ? undefined : byId.get(id)?.public_id
      if (publicId === undefined) {
        throw nothingCame(query, await earlier(caller, start, Number.MAX_SAFE_INTEGER, maxArrivals))
      }
      const [message, extract] = await Promise.all([
        inbox.get(caller, publicId),
        extracts.ofAny(caller, publicId),
      ])
      return { ...message, ...extract }
    },

    /** How many are waiting. */
    depth: () => waiters.size,
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

/** A whole address must be that address: `ann@` is not to find `joann@`. */
function isTo(wanted: string, { rcpt_to: rcptTo }: Arrival): boolean {
  const addresses = (JSON.parse(rcptTo) as string[]).map((address) => address.toLowerCase())
  const isWhole = wanted.slice(1, -1).includes('@')
  return addresses.some((address) => (isWhole ? address === wanted : address.includes(wanted)))
}

function nothingCame(query: WaitQuery, arrivals: readonly Arrival[]): Fault {
  const came =
    arrivals.length === 0
      ? 'Nothing arrived at all: check that your app sends to this relay, with a test key'
      : 'What did arrive is in “details.arrived”: compare inbox, recipient and subject'
  return new Fault(
    'request_timeout',
    `No message came that matches, within ${query.timeout} seconds. ${came}.`,
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
