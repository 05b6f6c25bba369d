import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { Delivery } from '../../../src-main/contract/messages.ts'
import { timelineLabels } from './labels.ts'

type Outcome = 'delivered' | 'deferred' | 'bounced' | 'failed'

export type TimelineEntry = { readonly key: string; readonly at: string } & (
  | { readonly type: 'accepted'; readonly protocol: string; readonly sizeBytes: number | null }
  | {
      readonly type: 'attempt'
      readonly outcome: Outcome
      readonly recipients: readonly string[]
      readonly attempt: number
      readonly relay: string | null
      readonly durationMs: number | null
      readonly reply: string | null
      readonly skippedRelays: readonly { readonly relay: string; readonly reply: string }[]
    }
  | { readonly type: 'sending'; readonly recipients: readonly string[]; readonly attempt: number }
  | { readonly type: 'retried'; readonly recipients: readonly string[]; readonly by: string | null }
  | { readonly type: 'cancelled'; readonly recipients: readonly string[] }
  | { readonly type: 'next'; readonly recipients: readonly string[]; readonly isFirst: boolean }
)

/** The timeline of a message. Equal events for several recipients become one entry. */
export function timelineOf(
  log: readonly LogEntry[],
  deliveries: readonly Delivery[],
): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  const seen = new Set<number>()
  for (const entry of log) {
    // The log repeats events of the whole message for each recipient.
    const isOfMessage = entry.event === 'queued' || entry.event === 'captured'
    if (isOfMessage && seen.has(entry.id)) continue
    seen.add(entry.id)
    const parsed = parseEntry(entry)
    const last = entries.at(-1)
    const merged = parsed && last ? joinRecipients(last, parsed) : null
    if (merged) entries[entries.length - 1] = merged
    else if (parsed) entries.push(parsed)
  }
  return [...withoutFinishedSends(entries), ...nextAttempts(deliveries)]
}

function parseEntry(entry: LogEntry): TimelineEntry | null {
  const { id, timestamp: at, event, to, data } = entry
  const base = { key: String(id), at }
  const recipients = to === null ? [] : [to]
  const attempt = typeof data.attempt === 'number' ? data.attempt : 0
  switch (event) {
    case 'queued':
      return {
        ...base,
        type: 'accepted',
        protocol: data.door === 'smtp' ? 'SMTP' : 'HTTP',
        sizeBytes: typeof data.size_bytes === 'number' ? data.size_bytes : null,
      }
    case 'sending':
      return { ...base, type: 'sending', recipients, attempt }
    case 'delivered':
    case 'deferred':
    case 'bounced':
    case 'failed':
      return {
        ...base,
        type: 'attempt',
        outcome: event,
        recipients,
        attempt,
        relay: typeof data.relay === 'string' ? data.relay : null,
        durationMs: entry.duration_ms,
        reply: entry.smtp_response,
        skippedRelays: parseSkippedRelays(data.passed_over),
      }
    case 'retried':
      return { ...base, type: 'retried', recipients, by: entry.by }
    case 'cancelled':
      return { ...base, type: 'cancelled', recipients }
    default:
      return null
  }
}

function parseSkippedRelays(value: unknown): { relay: string; reply: string }[] {
  if (!Array.isArray(value)) return []
  return value.map((one: { relay?: unknown; reply?: unknown }) => ({
    relay: String(one.relay ?? timelineLabels.deletedRelay),
    reply: String(one.reply ?? ''),
  }))
}

/** Joins two entries that differ only in their recipients. */
function joinRecipients(one: TimelineEntry, other: TimelineEntry): TimelineEntry | null {
  if (!('recipients' in one && 'recipients' in other) || !isSameEvent(one, other)) return null
  return { ...one, recipients: [...one.recipients, ...other.recipients] }
}

function isSameEvent(one: TimelineEntry, other: TimelineEntry): boolean {
  if (one.type !== other.type || one.at !== other.at) return false
  if (one.type !== 'attempt' || other.type !== 'attempt') return true
  return (
    one.outcome === other.outcome &&
    one.relay === other.relay &&
    one.reply === other.reply &&
    one.attempt === other.attempt
  )
}

/** Removes recipients from “sending” entries once their attempt has ended. */
function withoutFinishedSends(entries: readonly TimelineEntry[]): TimelineEntry[] {
  return entries.flatMap((entry, index): TimelineEntry[] => {
    if (entry.type !== 'sending') return [entry]
    const settled = new Set(
      entries
        .slice(index + 1)
        .flatMap((later) => (later.type === 'attempt' ? later.recipients : [])),
    )
    const recipients = entry.recipients.filter((recipient) => !settled.has(recipient))
    return recipients.length > 0 ? [{ ...entry, recipients }] : []
  })
}

function nextAttempts(deliveries: readonly Delivery[]): TimelineEntry[] {
  const byTime = new Map<string, Delivery[]>()
  for (const delivery of deliveries) {
    const { next_attempt_at: at } = delivery
    if (at !== null) byTime.set(at, [...(byTime.get(at) ?? []), delivery])
  }
  return [...byTime]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([at, waiting]) => ({
      key: `next-${at}`,
      at,
      type: 'next',
      recipients: waiting.map(({ recipient }) => recipient),
      isFirst: waiting.every(({ attempts }) => attempts === 0),
    }))
}
