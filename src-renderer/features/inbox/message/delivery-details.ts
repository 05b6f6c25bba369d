import type { LogEntry } from '../../../../src-main/contract/logs.ts'
import { type Reply, RequestFailure, request } from '../../../app/request.ts'

export type Delivery = {
  readonly transcript: Reply<'GET /v1/inbox/{id}/transcript'> | null
  /** The log entries of capture and request; null when no longer in the log. */
  readonly captured: LogEntry | null
  readonly request: LogEntry | null
}

/** Reads the SMTP transcript, else the request from the log. */
export async function readDelivery(id: string, signal: AbortSignal): Promise<Delivery> {
  const [transcript, captured] = await Promise.all([
    orNull(request('GET /v1/inbox/{id}/transcript', { params: { id }, signal })),
    orNull(request('GET /v1/logs', { query: { email_id: id, type: 'message' }, signal })),
  ])
  const entry = captured?.data.find(({ event }) => event === 'captured') ?? null
  if (transcript || !entry?.request_id) return { transcript, captured: entry, request: null }
  const query = { request_id: entry.request_id, type: 'request' as const, limit: 1 }
  const requests = await orNull(request('GET /v1/logs', { query, signal }))
  return { transcript, captured: entry, request: requests?.data[0] ?? null }
}

/** Null when missing or not permitted for this key; other errors are thrown. */
async function orNull<T>(pending: Promise<T>): Promise<T | null> {
  try {
    return await pending
  } catch (cause) {
    const isMissing =
      cause instanceof RequestFailure && (cause.status === 404 || cause.status === 403)
    if (isMissing) return null
    throw cause
  }
}
