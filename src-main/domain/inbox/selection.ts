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

type SelectionContext = SelectionDeps & {
  readonly statements: Statements
}

/** Turns an inbox filter into SQL, for lists, counts and bulk changes. */
export function createInboxSelection(deps: SelectionDeps) {
  const { database } = deps
  const statements = prepareStatements(database)
  const context: SelectionContext = { ...deps, statements }

  return {
    plan: (query: string | undefined, now: number, between: Between = {}): SearchPlan =>
      plan(context, query, now, between),

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
        const { from, where, values, id } = select(context, caller, filter, range)
        const sql = `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY ${id} DESC LIMIT ?`
        return read<Row>(context, caller, filter, signal, sql, [...values, limit])
      }
      const { before = (statements.lastId.get() ?? 0) + 1, after = 0 } = between
      const recent = before - recentIds
      if (recent > after && select(context, caller, filter).isWalk) {
        const rows = await page({ before, after: recent })
        if (rows.length === limit) return rows
      }
      return page(between)
    },

    async count(caller: Caller, filter: InboxFilter, signal?: AbortSignal): Promise<number> {
      const { from, where, values } = select(context, caller, filter)
      const sql = `SELECT count(*) AS count FROM ${from} WHERE ${where}`
      const [row] = await read<{ count: number }>(context, caller, filter, signal, sql, values)
      return row?.count ?? 0
    },

    /** Row ids of the given messages, or of those that match the filter now. */
    ids: (
      caller: Caller,
      named: readonly string[] | undefined,
      filter: InboxFilter,
    ): Promise<number[]> => selectIds(context, caller, named, filter),
  }
}

/** `now`: when the query was asked. */
const plan = (
  { messageTimes }: SelectionContext,
  query: string | undefined,
  now: number,
  between: Between = {},
): SearchPlan => planSearch(query, now, messageTimes.receivedBefore, between)

function select(
  context: SelectionContext,
  caller: Caller,
  filter: InboxFilter,
  between: Between = {},
): Selected {
  const { clock } = context
  const {
    from,
    id,
    isWalk,
    conditions: searched,
  } = plan(context, filter.query, clock.now(), between)
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
  { reader }: SelectionContext,
  caller: Caller,
  filter: InboxFilter,
  signal: AbortSignal | undefined,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  if (!filter.query) return reader.all<Row>(sql, ...values)
  return reader.search<Row>({ owners: ownersOf(caller), signal }, sql, ...values)
}

async function selectIds(
  context: SelectionContext,
  caller: Caller,
  named: readonly string[] | undefined,
  filter: InboxFilter,
): Promise<number[]> {
  const { statements } = context
  if (named) {
    return named.flatMap((publicId) => {
      const row = statements.rowOf.get(publicId)
      const isVisible = row && isOfTenant(caller, row.tenant_id)
      return isVisible ? [row.id] : []
    })
  }
  const { from, where, values, id } = select(context, caller, filter, {
    before: (statements.lastId.get() ?? 0) + 1,
  })
  const sql = `SELECT ${id} AS id FROM ${from} WHERE ${where}`
  const rows = await read<{ id: number }>(context, caller, filter, undefined, sql, values)
  return rows.map((row) => row.id)
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    lastId: database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck(),
    rowOf: database.prepare<[string], { id: number; tenant_id: string | null }>(
      'SELECT id, tenant_id FROM messages WHERE public_id = ? AND inbox IS NOT NULL',
    ),
  }
}
