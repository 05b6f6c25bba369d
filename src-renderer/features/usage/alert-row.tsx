import { Check } from 'lucide-react'
import { useState } from 'react'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import { acknowledgeAlert } from '../../app/alerts.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { alertDetails } from './alert-details.ts'
import { usageLabels } from './labels.ts'

export function AlertRow({ alert, isMarked }: { alert: Alert; isMarked: boolean }) {
  const [busy, setBusy] = useState(false)
  const { id, severity, state, message, figures, raised_at, cleared_at } = alert
  const isOpen = state === 'open'
  const target = targetOf(alert)

  async function acknowledge() {
    setBusy(true)
    await acknowledgeAlert(id).catch(toastFailure)
    setBusy(false)
  }

  return (
    <li
      data-alert={id}
      aria-current={isMarked ? 'true' : undefined}
      className={`flex items-start gap-3 px-4 py-3 ${isMarked ? 'bg-selected' : ''}`}
    >
      <span className="w-16 shrink-0 pt-px">
        <Badge tone={!isOpen ? 'neutral' : severity === 'critical' ? 'danger' : 'warn'}>
          {severity === 'critical' ? usageLabels.alerts.critical : usageLabels.alerts.warning}
        </Badge>
      </span>
      <div className="min-w-0 flex-1">
        <p className={isOpen ? '' : 'text-ink-muted'}>{message}</p>
        <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
          {alertDetails(figures).map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-ink-faint">{name}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-1 flex flex-wrap gap-x-3 text-ink-faint text-sm">
          <span title={formatExact(raised_at)}>
            {usageLabels.alerts.raised(formatDistance(raised_at))}
          </span>
          {cleared_at && (
            <span title={formatExact(cleared_at)}>
              {usageLabels.alerts.resolvedAt(formatDistance(cleared_at))}
            </span>
          )}
          {alert.acknowledged_at && (
            <span title={formatExact(alert.acknowledged_at)}>
              {usageLabels.alerts.acknowledged(
                formatDistance(alert.acknowledged_at),
                alert.acknowledged_by,
              )}
            </span>
          )}
          {target && (
            <a href={target.href} className="text-sage-ink hover:underline">
              {target.label}
            </a>
          )}
        </p>
      </div>
      {isOpen && alert.acknowledged_at === null && (
        <Button icon={Check} busy={busy} onClick={acknowledge}>
          {usageLabels.alerts.acknowledge}
        </Button>
      )}
    </li>
  )
}

/** The screen that shows the subject of an alert. */
function targetOf({ rule, subject, subject_name: name }: Alert) {
  if (rule.startsWith('key_')) {
    return { href: routeHash('usage', subject), label: usageLabels.alerts.usageOf(name) }
  }
  if (rule === 'relay_unreachable')
    return { href: routeHash('relays', subject), label: usageLabels.alerts.showRelay }
  if (rule === 'tenant_near_limit') {
    return { href: routeHash('tenants', subject), label: usageLabels.alerts.showTenant }
  }
  return { href: routeHash('outbox'), label: usageLabels.alerts.showOutbox }
}
