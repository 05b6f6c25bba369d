import type { LogEntry } from '../../../src-main/contract/logs.ts'

export type EntryTone = 'good' | 'warn' | 'bad' | 'plain'

/** The result of an entry, for its colour. */
export function toneOf({ type, event, outcome, status, data }: LogEntry): EntryTone {
  if (type === 'alert') return data.state === 'cleared' ? 'plain' : 'bad'
  if (outcome === 'ok') return 'good'
  if (outcome === 'error') return 'bad'
  if (outcome !== null) return 'warn'
  if (event === 'delivered' || event === 'captured') return 'good'
  if (event === 'bounced' || event === 'failed') return 'bad'
  if (event === 'deferred') return 'warn'
  if (status === null) return 'plain'
  return status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good'
}

export const toneClasses: Readonly<Record<EntryTone, string>> = {
  good: 'text-sage-ink',
  warn: 'text-warn-ink',
  bad: 'text-danger-ink',
  plain: 'text-ink-muted',
}
