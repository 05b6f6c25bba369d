import type { Clock } from '../../base/clock.ts'
import type { InboxFilter } from '../../contract/messages.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant, ownersOf } from '../auth/caller.ts'
import type { MessageTimes } from '../messages/message-times.ts'
import { type Between, planSearch, type SearchPlan } from './search.ts'

export type InboxSelection = ReturnType<typeof createInboxSelection>

type Selected = {
  readonly isWalk: boolean
  readonly from: string
  readonly where: string
  readonly values: readonly unknown[]
  readonly id: string
}

/** The newest row ids: most pages of a search are full within them. */
const recentIds = 10_000

type SelectionDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly clock: Clock
  readonly messageTimes: MessageTimes
}

/** Turns an inbox filter into SQL, for lists, counts and bulk changes. */
export function createInboxSelection(deps: SelectionDeps) {
  const { database, reader, clock, messageTimes } = deps
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  const rowOf = database.prepare<[string], { id: number; tenant_id: string | null }>(
    'SELECT id, tenant_id FROM messages WHERE public_id = ? AND inbox IS NOT NULL',
  )

  /** `now`: when the query was asked. */
  const plan = (query: string | undefined, now: number, between: Between = {}): SearchPlan =>
    planSearch(query, now, messageTimes.receivedBefore, between)

  function select(caller: Caller, filter: InboxFilter, between: Between = {}): Selected {
    const { from, id, isWalk, conditions: searched } = plan(filter.query, clock.now(), between)
    const conditions: (readonly [string, readonly unknown[]])[] = [
      ...searched,
      ['messages.inbox IS NOT NULL', []],
    ]
    if (caller.tenantId !== null) conditions.push(['messages.tenant_id = ?', [caller.tenantId]])
    if (filter.inbox) conditions.push(['messages.inbox = ?', [filter.inbox]])
    if (filter.unread !== undefined) {
      // A literal, so that SQLite can use the partial index of unread messages.
      conditions.push([`messages.read = ${filter.unread ? 0 : 1}`, []])
    }
    return {
      from,
      isWalk,
      where: conditions.map(([sql]) => sql).join(' AND '),
      values: conditions.flatMap(([, values]) => values),
      id,
    }
  }

  /** Searches wait for each other; a plain list is as quick as its index. */
  function read<Row>(
    caller: Caller,
    filter: InboxFilter,
    signal: AbortSignal | undefined,
    sql: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    if (!filter.query) return reader.all<Row>(sql, ...values)
    return reader.search<Row>({ owners: ownersOf(caller), signal }, sql, ...values)
  }

  return {
    plan,

    /** The newest messages in the range, at most `limit`. */
    async newest<Row>(
      caller: Caller,
      filter: InboxFilter,
      between: Between,
      columns: string,
      limit: number,
      signal?: AbortSignal,
    ): Promise<Row[]> {
      const page = (range: Between): Promise<Row[]> => {
        const { from, where, values, id } = select(caller, filter, range)
        const sql = `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY ${id} DESC LIMIT ?`
        return read<Row>(caller, filter, signal, sql, [...values, limit])
      }
      const { before = (lastId.get() ?? 0) + 1, after = 0 } = between
      const recent = before - recentIds
      if (recent > after && select(caller, filter).isWalk) {
        const rows = await page({ before, after: recent })
        if (rows.length === limit) return rows
      }
      return page(between)
    },

    async count(caller: Caller, filter: InboxFilter, signal?: AbortSignal): Promise<number> {
      const { from, where, values } = select(caller, filter)
      const sql = `SELECT count(*) AS count FROM ${from} WHERE ${where}`
      const [row] = await read<{ count: number }>(caller, filter, signal, sql, values)
      return row?.count ?? 0
    },

    /** Row ids of the given messages, or of those that match the filter now. */
    async ids(
      caller: Caller,
      named: readonly string[] | undefined,
      filter: InboxFilter,
    ): Promise<number[]> {
      if (named) {
        return named.flatMap((publicId) => {
          const row = rowOf.get(publicId)
          const isVisible = row && isOfTenant(caller, row.tenant_id)
          return isVisible ? [row.id] : []
        })
      }
      const { from, where, values, id } = select(caller, filter, {
        before: (lastId.get() ?? 0) + 1,
      })
      const sql = `SELECT ${id} AS id FROM ${from} WHERE ${where}`
      const rows = await read<{ id: number }>(caller, filter, undefined, sql, values)
      return rows.map((row) => row.id)
    },
  }
}
