import type { Alert, AlertRuleName } from '../../../src-main/contract/alerts.ts'
import { formatCount, formatMoment } from '../../ui/format.ts'

/** A rule as a sentence: words, and the names of its settings where their fields stand. */
export const ruleSentences: Readonly<Record<AlertRuleName, readonly string[]>> = {
  key_idle: [
    'Tell me when a key is used after',
    '{days}',
    'days of rest, and keep it open for',
    '{hours}',
    'hours.',
  ],
  key_new_address: [
    'Tell me when a key is used from a new address, and keep it open for',
    '{hours}',
    'hours.',
  ],
  key_error_rate: [
    'Tell me when more than',
    '{percent}',
    '% of a key’s requests are refused, within',
    '{minutes}',
    'minutes and of at least',
    '{minimum_requests}',
    'requests.',
  ],
  key_volume: [
    'Tell me when a key is used',
    '{factor}',
    'times as much as in its usual hour, from',
    '{minimum_requests}',
    'requests an hour on.',
  ],
  key_near_limit: [
    'Tell me when a key has used',
    '{percent}',
    '% of its rate limit or its daily quota.',
  ],
  tenant_near_limit: [
    'Tell me when a tenant’s keys together have used',
    '{percent}',
    '% of its rate limit or its daily quota.',
  ],
  key_expiring: [
    'Tell me',
    '{days}',
    'days before a key expires; it is critical from',
    '{critical_days}',
    'days on.',
  ],
  bounce_rate: [
    'Tell me when more than',
    '{percent}',
    '% of the recipients bounce, critical from',
    '{critical_percent}',
    '%, within',
    '{minutes}',
    'minutes and of at least',
    '{minimum_recipients}',
    'recipients.',
  ],
  queue_depth: [
    'Tell me when more than',
    '{messages}',
    'live messages wait to be sent; it is critical from',
    '{critical_messages}',
    'on.',
  ],
  relay_unreachable: [
    'Tell me when a relay cannot be reached',
    '{failures}',
    'times in a row; it is critical from',
    '{critical_failures}',
    'times on.',
  ],
  storage: [
    'Tell me when the data folder is full, damaged, locked or gone, or its secrets cannot be read.',
  ],
}

/** What a field is called by those who cannot see the sentence around it. */
export const settingNames: Readonly<Record<string, string>> = {
  days: 'Days',
  hours: 'Hours it stays open',
  percent: 'Percent',
  minimum_requests: 'Fewest requests',
  minutes: 'Minutes',
  factor: 'Times as much as usual',
  critical_days: 'Critical days',
  critical_percent: 'Critical percent',
  minimum_recipients: 'Fewest recipients',
  messages: 'Messages',
  critical_messages: 'Critical messages',
  failures: 'Failures',
  critical_failures: 'Critical failures',
}

const figureNames: Readonly<Record<string, string>> = {
  percent: 'Share',
  limit_percent: 'Limit',
  requests: 'Requests',
  refused: 'Refused',
  minutes: 'Within',
  usual_requests: 'Usually',
  factor: 'Times as much',
  limit_factor: 'Limit, times',
  used: 'Used',
  limit: 'Of',
  kind: 'What',
  expires_at: 'Expires',
  days_left: 'Days left',
  limit_days: 'Limit, days',
  idle_days: 'Days of rest',
  used_at: 'Used',
  address: 'Address',
  known_addresses: 'Known addresses',
  bounced: 'Bounced',
  recipients: 'Recipients',
  messages: 'Waiting',
  limit_messages: 'Limit',
  failures: 'Failures',
  last_error: 'Last error',
  problem: 'Problem',
}

const kinds: Readonly<Record<string, string>> = {
  emails_per_day: 'emails a day',
  requests_per_minute: 'requests a minute',
}

/** The figures that raised an alert, named. */
export function figureWords(figures: Alert['figures']): readonly (readonly [string, string])[] {
  return Object.entries(figures).flatMap(([name, value]) =>
    value === null ? [] : [[figureNames[name] ?? name, wordOf(name, value)] as const],
  )
}

function wordOf(name: string, value: number | string): string {
  if (typeof value === 'string') {
    return name.endsWith('_at') ? formatMoment(value) : (kinds[value] ?? value)
  }
  if (name.endsWith('percent')) return `${value} %`
  if (name === 'minutes') return `${value} min`
  return Number.isInteger(value) ? formatCount(value) : String(value)
}
