import { Check } from 'lucide-react'
import { useState } from 'react'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import { acknowledgeAlert } from '../../app/alerts.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { figureWords } from './alert-labels.ts'

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
          {severity === 'critical' ? 'Critical' : 'Warning'}
        </Badge>
      </span>
      <div className="min-w-0 flex-1">
        <p className={isOpen ? '' : 'text-ink-muted'}>{message}</p>
        <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
          {figureWords(figures).map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-ink-faint">{name}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-1 flex flex-wrap gap-x-3 text-ink-faint text-sm">
          <span title={formatExact(raised_at)}>Raised {formatDistance(raised_at)}</span>
          {cleared_at && (
            <span title={formatExact(cleared_at)}>over {formatDistance(cleared_at)}</span>
          )}
          {alert.acknowledged_at && (
            <span title={formatExact(alert.acknowledged_at)}>
              acknowledged {formatDistance(alert.acknowledged_at)}
              {alert.acknowledged_by && ` by ${alert.acknowledged_by}`}
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
          Acknowledge
        </Button>
      )}
    </li>
  )
}

/** Where to look at what it is about. */
function targetOf({ rule, subject, subject_name: name }: Alert) {
  if (rule.startsWith('key_')) {
    return { href: routeHash('usage', subject), label: `Usage of ${name}` }
  }
  if (rule === 'relay_unreachable')
    return { href: routeHash('relays', subject), label: 'Show relay' }
  if (rule === 'tenant_near_limit') {
    return { href: routeHash('tenants', subject), label: 'Show tenant' }
  }
  return { href: routeHash('outbox'), label: 'Show outbox' }
}
