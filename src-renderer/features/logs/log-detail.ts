import type { LogEntry, Transcript } from '../../../src-main/contract/logs.ts'
import { request } from '../../app/request.ts'

export type Detail = {
  readonly entry: LogEntry
  readonly transcript: Transcript | null
  /** Of the same request or the same message. */
  readonly related: readonly LogEntry[]
  /** What the same key sent at that moment; a request and its message have no id in common. */
  readonly messages: readonly LogEntry[]
}

/** A request is written down a moment after its answer. */
const slackMs = 400

/** All there is to know of an entry; junk is looked up among what the relay still holds. */
export async function readDetail(name: string, signal: AbortSignal): Promise<Detail | null> {
  const found = await readEntry(name, signal)
  if (!found) return null
  const { entry } = found
  const [byRequest, byMessage, messages] = await Promise.all([
    entry.request_id === null ? [] : readList({ request_id: entry.request_id }, signal),
    entry.email_id === null ? [] : readList({ email_id: entry.email_id }, signal),
    readMessages(entry, signal),
  ])
  const others = [...byRequest, ...byMessage].filter(({ id }) => id !== entry.id)
  const related = [...new Map(others.map((other) => [other.id, other])).values()]
  return { ...found, related, messages }
}

async function readEntry(name: string, signal: AbortSignal) {
  if (/^\d+$/.test(name)) {
    const { transcript, ...entry } = await request('GET /v1/logs/{id}', {
      params: { id: Number(name) },
      signal,
    })
    return { entry, transcript }
  }
  const id = Number(name.replace('junk-', ''))
  const junk = await readList({ type: 'junk' }, signal)
  const entry = junk.find((one) => one.id === id)
  return entry ? { entry, transcript: null } : null
}

async function readList(
  query: { request_id?: string; email_id?: string; type?: 'junk' },
  signal: AbortSignal,
): Promise<readonly LogEntry[]> {
  const { data } = await request('GET /v1/logs', { query: { ...query, limit: 500 }, signal })
  return data
}

async function readMessages(entry: LogEntry, signal: AbortSignal): Promise<readonly LogEntry[]> {
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

/** The request as a command line: the key and the body are the reader's to fill in. */
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
