import type { EmailQuery } from '../../contract/messages.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, onlyMode } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Sending } from '../messages/sending.ts'
import { type EmailRow, emailColumns, toEmail, toScheduledEmail } from './email-rows.ts'
import type { EmailStore } from './email-store.ts'
import { likePattern } from './outbox-rows.ts'

type Condition = readonly [sql: string, value: unknown]

type ListDeps = {
  readonly store: EmailStore
  readonly reader: Reader
  readonly keys: Keys
  readonly sending: Sending
}

/** A page of live and captured messages, newest first. */
export async function listEmails(deps: ListDeps, caller: Caller, query: EmailQuery) {
  if (query.status === 'scheduled') return listScheduled(deps, caller, query)
  const { store, reader, keys } = deps
  const { page, limit } = query
  const conditions = conditionsOf(caller, query)
  const paged = [...conditions, ...pagingOf(store, query)]
  const rows = await reader.all<EmailRow>(
    `SELECT ${emailColumns} FROM messages
     WHERE 1${allOf(paged)}
     ORDER BY id DESC LIMIT ? OFFSET ?`,
    ...valuesOf(paged),
    limit,
    (page - 1) * limit,
  )
  const counted = await reader.first<{ total: number }>(
    `SELECT count(*) AS total FROM messages WHERE 1${allOf(conditions)}`,
    ...valuesOf(conditions),
  )
  return {
    data: rows.map((row) => toEmail(keys, row)),
    pagination: { page, limit, total: counted?.total ?? 0 },
  }
}

/** Scheduled messages have a table of their own. */
function listScheduled({ keys, sending }: ListDeps, caller: Caller, { page, limit }: EmailQuery) {
  const { rows, total } = sending.listScheduled(caller, { limit, offset: (page - 1) * limit })
  return {
    data: rows.map((row) => toScheduledEmail(keys, row)),
    pagination: { page, limit, total },
  }
}

function conditionsOf(caller: Caller, query: EmailQuery): Condition[] {
  const conditions: Condition[] = []
  if (caller.tenantId !== null) conditions.push(['tenant_id = ?', caller.tenantId])
  if (onlyMode(caller) !== null) conditions.push(['mode = ?', onlyMode(caller)])
  if (query.status) conditions.push(['status = ?', query.status])
  if (query.from) conditions.push(["header_from LIKE ? ESCAPE '\\'", likePattern(query.from)])
  if (query.to) conditions.push(["rcpt_to LIKE ? ESCAPE '\\'", likePattern(query.to)])
  return conditions
}

function pagingOf(store: EmailStore, { before, after }: EmailQuery): Condition[] {
  const paging: Condition[] = []
  if (before) paging.push(['id < ?', store.positionOf(before)])
  if (after) paging.push(['id > ?', store.positionOf(after)])
  return paging
}

const allOf = (conditions: readonly Condition[]): string =>
  conditions.map(([sql]) => ` AND ${sql}`).join('')

const valuesOf = (conditions: readonly Condition[]): unknown[] =>
  conditions.map(([, value]) => value)
