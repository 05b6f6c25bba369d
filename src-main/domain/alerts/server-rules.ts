import type { RuleSettings } from '../../contract/alerts.ts'
import type { StorageProblem } from '../../contract/storage.ts'
import { type BounceCounts, type Finding, rounded, type WatchedRelay } from './findings.ts'

export function bounceRate(
  rule: RuleSettings['bounce_rate'],
  figures: BounceCounts,
): Finding | null {
  const { tenantId, delivered, bounced } = figures
  const recipients = delivered + bounced
  if (!rule.enabled || recipients < rule.minimum_recipients) return null
  const rate = (bounced / recipients) * 100
  if (rate <= rule.percent) return null
  const isCritical = rate > rule.critical_percent
  const owner = tenantId === null ? '' : ` of ${tenantId}`
  return {
    rule: 'bounce_rate',
    severity: isCritical ? 'critical' : 'warning',
    about: tenantId ?? 'installation',
    subject: tenantId ?? 'installation',
    subjectName: tenantId ?? 'This installation',
    keyId: null,
    tenantId,
    figures: {
      percent: rounded(rate),
      bounced,
      recipients,
      minutes: rule.minutes,
      limit_percent: isCritical ? rule.critical_percent : rule.percent,
    },
    message: `${bounced} of ${recipients} recipients${owner} bounced in the last ${rule.minutes} minutes (${rounded(rate)} %). Check the addresses before the relay is blocked.`,
  }
}

export function queueDepth(rule: RuleSettings['queue_depth'], messages: number): Finding | null {
  if (!rule.enabled || messages <= rule.messages) return null
  const isCritical = messages > rule.critical_messages
  return {
    rule: 'queue_depth',
    severity: isCritical ? 'critical' : 'warning',
    about: 'installation',
    subject: 'installation',
    subjectName: 'This installation',
    keyId: null,
    tenantId: null,
    figures: { messages, limit_messages: isCritical ? rule.critical_messages : rule.messages },
    message: `${messages} live messages are queued. Check the relays and their limits.`,
  }
}

export function unreachable(
  rule: RuleSettings['relay_unreachable'],
  relay: WatchedRelay,
): Finding | null {
  const { id, name, tenantId, failures, lastError } = relay
  if (!rule.enabled || failures < rule.failures) return null
  return {
    rule: 'relay_unreachable',
    severity: failures >= rule.critical_failures ? 'critical' : 'warning',
    about: id,
    subject: id,
    subjectName: name,
    keyId: null,
    tenantId,
    figures: { failures, last_error: lastError },
    message: `The relay “${name}” could not be reached ${failures === 1 ? 'at the last attempt' : `${failures} times in a row`}: ${lastError ?? 'no reply'}`,
  }
}

export function storageProblem(
  rule: RuleSettings['storage'],
  { code, message }: StorageProblem,
): Finding | null {
  if (!rule.enabled) return null
  return {
    rule: 'storage',
    severity: code === 'secrets_unreadable' ? 'warning' : 'critical',
    about: code,
    subject: 'installation',
    subjectName: 'This installation',
    keyId: null,
    tenantId: null,
    figures: { problem: code },
    message,
  }
}
