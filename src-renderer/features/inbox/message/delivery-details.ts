import type { LogEntry } from '../../../../src-main/contract/logs.ts'
import { type Reply, RequestFailure, request } from '../../../app/request.ts'

export type Delivery = {
  readonly transcript: Reply<'GET /v1/inbox/{id}/transcript'> | null
  /** That it was captured, and the request that brought it; null when no longer in the log. */
  readonly captured: LogEntry | null
  readonly request: LogEntry | null
}

/** What is known of how a message came: the SMTP conversation, or the request of the access log. */
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

/** What is not there, or not for this key, is left out; everything else fails. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (cause) {
    const isMissing =
      cause instanceof RequestFailure && (cause.status === 404 || cause.status === 403)
    if (isMissing) return null
    throw cause
  }
}
