import { iso } from '../../base/clock.ts'
import type { AlertRuleName, RuleSettings } from '../../contract/alerts.ts'
import { type Finding, subjectOf, type WatchedKey } from './findings.ts'

/** A single occurrence. Its alert stays open for a fixed time. */
export type OneOff = { readonly key: WatchedKey; readonly at: number } & (
  | { readonly type: 'idle'; readonly idleMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const hourMs = 3_600_000

/** The time for which an alert of a one-off rule stays open; null for a rule that is evaluated again. */
export function openForMs(rules: RuleSettings, rule: AlertRuleName): number | null {
  if (rule !== 'key_idle' && rule !== 'key_new_address') return null
  return rules[rule].hours * hourMs
}

export function evaluateOneOff(rules: RuleSettings, oneOff: OneOff): Finding | null {
  const { key, at } = oneOff
  if (oneOff.type === 'idle') {
    const { enabled, days } = rules.key_idle
    const idleDays = oneOff.idleMs / dayMs
    if (!enabled || idleDays < days) return null
    return {
      rule: 'key_idle',
      severity: 'warning',
      about: key.publicId,
      ...subjectOf(key),
      figures: { idle_days: Math.floor(idleDays), limit_days: days, used_at: iso(at) },
      message: `The key “${key.name}” was used after ${Math.floor(idleDays)} days without use. Rotate it if the use is unexpected.`,
    }
  }
  if (!rules.key_new_address.enabled) return null
  return {
    rule: 'key_new_address',
    severity: 'warning',
    about: `${key.publicId} ${oneOff.address}`,
    ...subjectOf(key),
    figures: { address: oneOff.address, known_addresses: oneOff.known, used_at: iso(at) },
    message: `The key “${key.name}” was used from ${oneOff.address} for the first time. Set allowed_ips to restrict it to known addresses.`,
  }
}
