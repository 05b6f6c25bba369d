import type { RuleSettings } from '../../contract/alerts.ts'
import type { AlertFigures, Finding } from './findings.ts'
import { errorRate, expiring, nearLimit, tenantNearLimit, volume } from './key-rules.ts'
import { bounceRate, queueDepth, storageProblem, unreachable } from './server-rules.ts'

/** The findings of all enabled rules. */
export function evaluate(rules: RuleSettings, figures: AlertFigures): Finding[] {
  const { keys, tenants, bounces, relays, queueDepth: queued, storage, now } = figures
  return [
    ...keys.flatMap((key) => [
      errorRate(rules.key_error_rate, key),
      volume(rules.key_volume, key),
      nearLimit(rules.key_near_limit, key),
      expiring(rules.key_expiring, key, now),
    ]),
    ...tenants.map((tenant) => tenantNearLimit(rules.tenant_near_limit, tenant)),
    ...bounces.map((bounce) => bounceRate(rules.bounce_rate, bounce)),
    queueDepth(rules.queue_depth, queued),
    ...relays.map((relay) => unreachable(rules.relay_unreachable, relay)),
    ...storage.map((problem) => storageProblem(rules.storage, problem)),
  ].filter((finding) => finding !== null)
}
