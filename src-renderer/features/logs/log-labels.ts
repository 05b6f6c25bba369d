import type { LogEntry } from '../../../src-main/contract/logs.ts'

const subjects: Readonly<Record<string, string>> = {
  key: 'Key',
  relay: 'Relay',
  tenant: 'Tenant',
  webhook: 'Webhook',
  settings: 'Settings',
  template: 'Template',
  alert: 'Alert',
  job: 'Job',
}

const messageWords: Readonly<Record<string, string>> = {
  captured: 'Captured',
  queued: 'Queued',
  sending: 'Sending',
  delivered: 'Delivered',
  deferred: 'Deferred, tried again later',
  bounced: 'Bounced',
  failed: 'Failed',
  scheduled: 'Scheduled',
  cancelled: 'Cancelled',
}

/** What happened, in a line: the route of a request, the fate of a message, who changed what. */
export function titleOf(entry: LogEntry): string {
  const { type, event, route, to, data, key_name: keyName } = entry
  if (type === 'session') return sessionTitle(entry)
  if (type === 'alert') return String(data.message ?? 'Alert')
  if (route !== null) return route
  const word = messageWords[event]
  if (word) return to === null ? `${word}${originOf(data)}` : `${word}: ${to}`
  const [noun = '', deed = ''] = event.split('.')
  const name =
    data.name ?? data.subject_name ?? data.alert ?? (noun === 'key' ? keyName : null) ?? ''
  const words = `${subjects[noun] ?? noun} ${deed.replace('rules_updated', 'rules changed').replaceAll('_', ' ')}`
  return name === '' ? words : `${words}: ${String(name)}`
}

function sessionTitle({ data }: LogEntry): string {
  const messages = Number(data.messages ?? 0)
  const refusals = Number(data.refusals ?? 0)
  const counted = [
    `${messages} ${messages === 1 ? 'message' : 'messages'}`,
    ...(refusals > 0 ? [`${refusals} refused`] : []),
  ]
  return `SMTP session, ${counted.join(', ')}`
}

function originOf({ door, inbox }: LogEntry['data']): string {
  const over = door === 'smtp' ? ' over SMTP' : door === 'http' ? ' over HTTP' : ''
  return typeof inbox === 'string' ? `${over} in “${inbox}”` : over
}

export type EntryTone = 'good' | 'warn' | 'bad' | 'plain'

/** How it ended, as a colour. */
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

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: 'short' })

/** The clock with milliseconds. */
export const formatInstant = (iso: string): string => clock.format(new Date(iso))

/** The day, where it is not today. */
export function formatOtherDay(iso: string, now = new Date()): string {
  const at = new Date(iso)
  return at.toDateString() === now.toDateString() ? '' : day.format(at)
}

/** "12 ms", "1.20 s": a column of them stays narrow. */
export function formatDuration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}
