import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { Delivery } from '../../../src-main/contract/messages.ts'

type Outcome = 'delivered' | 'deferred' | 'bounced' | 'failed'

export type TimelineEntry = { readonly key: string; readonly at: string } & (
  | { readonly type: 'accepted'; readonly door: string; readonly sizeBytes: number | null }
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

/** Tells the story of a message: what happened once to many recipients is one entry. */
export function timelineOf(
  log: readonly LogEntry[],
  deliveries: readonly Delivery[],
): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  const seen = new Set<number>()
  for (const entry of log) {
    // What is about the whole message comes once for each recipient.
    const isWhole = entry.event === 'queued' || entry.event === 'captured'
    if (isWhole && seen.has(entry.id)) continue
    seen.add(entry.id)
    const made = read(entry)
    const last = entries.at(-1)
    const merged = made && last ? join(last, made) : null
    if (merged) entries[entries.length - 1] = merged
    else if (made) entries.push(made)
  }
  return [...withoutBegun(entries), ...coming(deliveries)]
}

function read(entry: LogEntry): TimelineEntry | null {
  const { id, timestamp: at, event, to, data } = entry
  const base = { key: String(id), at }
  const recipients = to === null ? [] : [to]
  const attempt = typeof data.attempt === 'number' ? data.attempt : 0
  switch (event) {
    case 'queued':
      return {
        ...base,
        type: 'accepted',
        door: data.door === 'smtp' ? 'SMTP' : 'HTTP',
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
        skippedRelays: skippedRelays(data.passed_over),
      }
    case 'retried':
      return { ...base, type: 'retried', recipients, by: entry.by }
    case 'cancelled':
      return { ...base, type: 'cancelled', recipients }
    default:
      return null
  }
}

function skippedRelays(value: unknown): { relay: string; reply: string }[] {
  if (!Array.isArray(value)) return []
  return value.map((one: { relay?: unknown; reply?: unknown }) => ({
    relay: String(one.relay ?? 'A relay that is gone'),
    reply: String(one.reply ?? ''),
  }))
}

/** One entry for two, if only the recipients differ. */
function join(one: TimelineEntry, other: TimelineEntry): TimelineEntry | null {
  if (!('recipients' in one && 'recipients' in other) || !isAlike(one, other)) return null
  return { ...one, recipients: [...one.recipients, ...other.recipients] }
}

function isAlike(one: TimelineEntry, other: TimelineEntry): boolean {
  if (one.type !== other.type || one.at !== other.at) return false
  if (one.type !== 'attempt' || other.type !== 'attempt') return true
  return (
    one.outcome === other.outcome &&
    one.relay === other.relay &&
    one.reply === other.reply &&
    one.attempt === other.attempt
  )
}

/** That sending began is news only until it has ended. */
function withoutBegun(entries: readonly TimelineEntry[]): TimelineEntry[] {
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

function coming(deliveries: readonly Delivery[]): TimelineEntry[] {
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
