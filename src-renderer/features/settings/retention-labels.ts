import type { Settings } from '../../../src-main/contract/settings.ts'
import { keepLimits, type RetentionPreview } from '../../../src-main/contract/storage.ts'

export type Kept = keyof typeof keepLimits

type KeptField = {
  readonly name: Kept
  readonly label: string
  readonly note: string
  readonly unit: string
  readonly env: string
}

export const keptFields: readonly KeptField[] = [
  {
    name: 'keep_days',
    label: 'Messages, by age',
    note: 'Captured and settled messages, in all inboxes and the outbox.',
    unit: 'days',
    env: 'MAILSAGE_KEEP_DAYS',
  },
  {
    name: 'keep_messages',
    label: 'Messages, by number',
    note: 'The newest stay, the oldest beyond this number go.',
    unit: 'messages',
    env: 'MAILSAGE_KEEP_MESSAGES',
  },
  {
    name: 'keep_log_days',
    label: 'Access log',
    note: 'With the transcripts of refused SMTP sessions, and alerts that are over.',
    unit: 'days',
    env: 'MAILSAGE_KEEP_LOG_DAYS',
  },
  {
    name: 'keep_webhook_log_days',
    label: 'Webhook log',
    note: 'What each webhook was sent, and what it answered.',
    unit: 'days',
    env: 'MAILSAGE_KEEP_WEBHOOK_LOG_DAYS',
  },
]

/** What was typed and differs from what is set, and what of it is no number that fits. */
export function readKept(typed: Partial<Record<Kept, string>>, facts: Pick<Settings, Kept>) {
  const change: Partial<Record<Kept, number>> = {}
  const problems: Partial<Record<Kept, string>> = {}
  for (const { name } of keptFields) {
    const text = typed[name]
    if (text === undefined) continue
    const parsed = keepLimits[name].safeParse(text.trim() === '' ? undefined : Number(text))
    if (!parsed.success) problems[name] = 'Enter a whole number; 0 keeps everything.'
    else if (parsed.data !== facts[name]) change[name] = parsed.data
  }
  return { change, problems }
}

export function previewWords(preview: RetentionPreview): string {
  const parts = [
    [preview.messages, 'message', 'messages'],
    [preview.log_entries, 'log entry', 'log entries'],
    [preview.webhook_log_entries, 'webhook log entry', 'webhook log entries'],
  ] as const
  const gone = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count.toLocaleString()} ${count === 1 ? one : many}`)
  if (gone.length === 0) return 'Nothing would be deleted now.'
  const last = gone.pop()
  const list = gone.length === 0 ? last : `${gone.join(', ')} and ${last}`
  return `This deletes ${list} now.`
}
