import type { LogEntry, Transcript } from '../../../src-main/contract/logs.ts'
import { request } from '../../app/request.ts'

export type Detail = {
  readonly entry: LogEntry
  readonly transcript: Transcript | null
  /** Entries of the same request or the same message. */
  readonly related: readonly LogEntry[]
  /** Messages of the same key at that time, because a request and its message share no id. */
  readonly messages: readonly LogEntry[]
}

/** The log records a request shortly after its response. */
const slackMs = 400

/** Unauthenticated requests are found only while the server keeps them in memory. */
export async function loadDetail(name: string, signal: AbortSignal): Promise<Detail | null> {
  const found = await loadEntry(name, signal)
  if (!found) return null
  const { entry } = found
  const [byRequest, byMessage, messages] = await Promise.all([
    entry.request_id === null ? [] : loadList({ request_id: entry.request_id }, signal),
    entry.email_id === null ? [] : loadList({ email_id: entry.email_id }, signal),
    loadMessages(entry, signal),
  ])
  const others = [...byRequest, ...byMessage].filter(({ id }) => id !== entry.id)
  const related = [...new Map(others.map((other) => [other.id, other])).values()]
  return { ...found, related, messages }
}

async function loadEntry(name: string, signal: AbortSignal) {
  if (/^\d+$/.test(name)) {
    const { transcript, ...entry } = await request('GET /v1/logs/{id}', {
      params: { id: Number(name) },
      signal,
    })
    return { entry, transcript }
  }
  const id = Number(name.replace('junk-', ''))
  const unauthenticated = await loadList({ type: 'junk' }, signal)
  const entry = unauthenticated.find((one) => one.id === id)
  return entry ? { entry, transcript: null } : null
}

async function loadList(
  query: { request_id?: string; email_id?: string; type?: 'junk' },
  signal: AbortSignal,
): Promise<readonly LogEntry[]> {
  const { data } = await request('GET /v1/logs', { query: { ...query, limit: 500 }, signal })
  return data
}

async function loadMessages(entry: LogEntry, signal: AbortSignal): Promise<readonly LogEntry[]> {
  const { type, outcome, key_id: keyId, duration_ms: tookMs, timestamp } = entry
  const isSend = type === 'session' || /send|emails|relay/.test(entry.route ?? '')
  if (keyId === null || outcome !== 'ok' || !isSend || tookMs === null) return []
  const at = Date.parse(timestamp)
  const { data } = await request('GET /v1/logs', {
    query: {
      type: 'message',
      key_id: keyId,
      from: new Date(at - tookMs - slackMs).toISOString(),
      to: new Date(at + slackMs).toISOString(),
      limit: 20,
    },
    signal,
  })
  return data.filter(
    ({ event, email_id: id }) =>
      id !== null && (event === 'captured' || event === 'queued' || event === 'scheduled'),
  )
}

/** The request as a curl command with placeholders for the key and the body. */
export function curlOf({ route }: LogEntry, url: string): string | null {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(route ?? '') ?? []
  if (!method || !path) return null
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  return [
    `curl -X ${method} '${url}${path}'`,
    `  -H "Authorization: Bearer $MAILSAGE_API_KEY"`,
    ...(hasBody ? [`  -H 'Content-Type: application/json'`, `  -d '{}'`] : []),
  ].join(' \\\n')
}
