import type { AlertQuery } from '../../contract/alerts.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { AlertRow, AlertStore } from './store.ts'

/** Newest first; one row more than the limit if more follow. */
export function listAlerts(
  { reader, store }: { readonly reader: Reader; readonly store: AlertStore },
  caller: Caller,
  query: AlertQuery,
): Promise<AlertRow[]> {
  const conditions: [string, unknown][] = []
  if (caller.tenantId !== null) conditions.push(['tenant_id = ?', caller.tenantId])
  if (caller.mode === 'test') {
    conditions.push(['subject IN (SELECT public_id FROM keys WHERE mode = ?)', caller.mode])
  }
  if (query.rule) conditions.push(['rule = ?', query.rule])
  if (query.severity) conditions.push(['severity = ?', query.severity])
  if (query.before) conditions.push(['id < ?', store.byPublicId(query.before)?.id ?? 0])
  if (query.state) conditions.push(['(cleared_at IS NULL) = ?', Number(query.state === 'open')])
  if (query.acknowledged) {
    conditions.push(['(acknowledged_at IS NOT NULL) = ?', Number(query.acknowledged === 'true')])
  }
  return reader.all<AlertRow>(
    `SELECT * FROM alerts WHERE 1${conditions.map(([sql]) => ` AND ${sql}`).join('')}
     ORDER BY id DESC LIMIT ?`,
    ...conditions.map(([, value]) => value),
    query.limit + 1,
  )
}
