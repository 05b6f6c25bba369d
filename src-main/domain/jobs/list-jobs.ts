import type { Reader } from '../../storage/reader.ts'
import { type Caller, onlyMode } from '../auth/caller.ts'
import type { Relays } from '../relays/relays.ts'
import type { JobRow } from './rules.ts'

export type JobFilter = {
  readonly active: boolean
  readonly campaignId?: string | undefined
  readonly limit: number
  readonly offset: number
}

export type JobPage = {
  readonly active: boolean
  readonly limit: number
  readonly before?: number | undefined
}

export type RecipientSpan = {
  readonly status?: string | undefined
  readonly limit: number
  readonly offset: number
}

type RecipientRow = {
  readonly id: number
  readonly recipient: string
  readonly status: string
  readonly tracking_id: string | null
  readonly attempts: number
  readonly last_attempt_at: number | null
  readonly error: string | null
  readonly relay_id: number | null
}

/** Newest first, by offset. */
export function listJobs(reader: Reader, caller: Caller, filter: JobFilter): Promise<JobRow[]> {
  return reader.all<JobRow>(
    `SELECT * FROM jobs
     WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?)
       AND (? IS NULL OR campaign_id = ?)
       AND (? = 0 OR status IN ('pending', 'processing', 'paused'))
     ORDER BY id DESC LIMIT ? OFFSET ?`,
    caller.tenantId,
    caller.tenantId,
    onlyMode(caller),
    onlyMode(caller),
    filter.campaignId ?? null,
    filter.campaignId ?? null,
    Number(filter.active),
    filter.limit,
    filter.offset,
  )
}

/** Newest first, by cursor; one row more than the limit if more follow. */
export function pageOfJobs(reader: Reader, caller: Caller, page: JobPage): Promise<JobRow[]> {
  return reader.all<JobRow>(
    `SELECT * FROM jobs
     WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?) AND id < ?
       AND (? = 0 OR status IN ('pending', 'processing', 'paused'))
     ORDER BY id DESC LIMIT ?`,
    caller.tenantId,
    caller.tenantId,
    onlyMode(caller),
    onlyMode(caller),
    page.before ?? Number.MAX_SAFE_INTEGER,
    Number(page.active),
    page.limit + 1,
  )
}

const unfinished = `
  FROM deliveries d WHERE d.message_id = m.id AND d.status IN ('bounced', 'failed', 'deferred')
  LIMIT 1
`
const recipientsSource = `
  FROM (
    SELECT r.id, r.email AS recipient, m.public_id AS tracking_id, r.attempts,
      r.last_attempt_at,
      coalesce(r.error, (SELECT last_reply ${unfinished})) AS error,
      iif(r.error IS NULL, (SELECT relay_id ${unfinished}), NULL) AS relay_id,
      CASE
        WHEN r.status <> 'accepted' THEN r.status
        WHEN m.status IN ('captured', 'delivered') THEN iif(m.mode = 'live', 'delivered', 'sent')
        WHEN m.status IN ('queued', 'sending') THEN 'pending'
        ELSE coalesce(m.status, 'sent')
      END AS status
    FROM job_recipients r LEFT JOIN messages m ON m.id = r.message_id
    WHERE r.job_id = ?
  ) WHERE (? IS NULL OR status = ?)`

/** One row per recipient, in the order of the job. */
export async function listRecipients(
  { reader, relays }: { readonly reader: Reader; readonly relays: Relays },
  caller: Caller,
  jobId: number,
  { status, limit, offset }: RecipientSpan,
) {
  const filter = [jobId, status ?? null, status ?? null]
  const rows = await reader.all<RecipientRow>(
    `SELECT * ${recipientsSource} ORDER BY id LIMIT ? OFFSET ?`,
    ...filter,
    limit,
    offset,
  )
  const counted = await reader.first<{ total: number }>(
    `SELECT count(*) AS total ${recipientsSource}`,
    ...filter,
  )
  return {
    rows: rows.map(({ relay_id: relayId, ...row }) => ({
      ...row,
      error: relays.shownTo(caller, relayId, row.error).reply,
    })),
    total: counted?.total ?? 0,
  }
}
