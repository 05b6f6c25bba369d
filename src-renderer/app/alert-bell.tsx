import { Bell } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { alertsRouteId, useAlerts } from './alerts.ts'
import { appLabels } from './labels.ts'
import { routeHash } from './router.ts'

/** Link to the alerts, with the number of open ones. */
export function AlertBell() {
  const open = useAlerts((state) => state.open)
  return (
    <Tooltip label={open === 0 ? appLabels.noOpenAlerts : appLabels.openAlerts(open)}>
      <a
        href={routeHash('usage', alertsRouteId)}
        aria-label={open === 0 ? appLabels.alerts : appLabels.alertsWithOpen(open)}
        className={`inline-flex h-7 min-w-7 shrink-0 cursor-default items-center justify-center gap-1 rounded-md px-1.5 transition-colors ${
          open > 0
            ? 'bg-danger-soft font-semibold text-danger-ink text-sm'
            : 'text-ink-muted hover:bg-hover hover:text-ink'
        }`}
      >
        <Icon of={Bell} />
        {open > 0 && <span className="figures">{open}</span>}
      </a>
    </Tooltip>
  )
}
