import { Bell } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { alertsRouteId, useAlerts } from './alerts.ts'
import { routeHash } from './router.ts'

/** Leads to the alerts, and says how many are open. */
export function AlertBell() {
  const open = useAlerts((state) => state.open)
  const words = open === 1 ? '1 open alert' : `${open} open alerts`
  return (
    <Tooltip label={open === 0 ? 'Alerts: none is open' : words}>
      <a
        href={routeHash('usage', alertsRouteId)}
        aria-label={open === 0 ? 'Alerts' : `Alerts, ${words}`}
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
