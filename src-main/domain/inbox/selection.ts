import type { Clock } from '../../base/clock.ts'
import type { InboxFilter } from '../../contract/messages.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, isOfTenant } from '../auth/caller.ts'
import type { MessageTimes } from '../messages/message-times.ts'
import { planSearch, type SearchPlan } from './search.ts'

export type InboxSelection = ReturnType<typeof createInboxSelection>

/** A range of the inbox by row ids. */
type Range = { readonly before?: number | undefined; readonly after?: number | undefined }

type Selected = {
  readonly from: string
  readonly where: string
  readonly values: readonly unknown[]
  readonly id: string
}

type SelectionDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly clock: Clock
  readonly messageTimes: MessageTimes
}

/** Which captured messages a filter means; for the list, for counts and for changes of many. */
export function createInboxSelection(deps: SelectionDeps) {
  const { database, reader, clock, messageTimes } = deps
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  const rowOf = database.prepare<[string], { id: number; tenant_id: string | null }>(
    'SELECT id, tenant_id FROM messages WHERE public_id = ? AND inbox IS NOT NULL',
  )

  const plan = (query: string | undefined): SearchPlan =>
    planSearch(query, clock.now(), messageTimes.receivedBefore)

  function select(caller: Caller, filter: InboxFilter, range: Range = {}): Selected {
    const { from, id, conditions: searched } = plan(filter.query)
    const conditions: (readonly [string, readonly unknown[]])[] = [
      ...searched,
      ['messages.inbox IS NOT NULL', []],
    ]
    if (caller.tenantId !== null) conditions.push(['messages.tenant_id = ?', [caller.tenantId]])
    if (filter.inbox) conditions.push(['messages.inbox = ?', [filter.inbox]])
    if (filter.unread !== undefined) {
      // Written out, so that the index of what is unread can serve.
      conditions.push([`messages.read = ${filter.unread ? 0 : 1}`, []])
    }
    if (range.before !== undefined) conditions.push([`${id} < ?`, [range.before]])
    if (range.after !== undefined) conditions.push([`${id} > ?`, [range.after]])
    return {
      from,
      where: conditions.map(([sql]) => sql).join(' AND '),
      values: conditions.flatMap(([, values]) => values),
      id,
    }
  }

  return {
    plan,
    select,

    async count(caller: Caller, filter: InboxFilter): Promise<number> {
      const { from, where, values } = select(caller, filter)
      const row = await reader.first<{ count: number }>(
        `SELECT count(*) AS count FROM ${from} WHERE ${where}`,
        ...values,
      )
      return row?.count ?? 0
    },

    /** The messages meant by a list of ids, or by a filter as they are now. */
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
      const rows = await reader.all<{ id: number }>(
        `SELECT ${id} AS id FROM ${from} WHERE ${where}`,
        ...values,
      )
      return rows.map((row) => row.id)
    },
  }
}
