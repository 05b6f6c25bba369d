import { Bell } from 'lucide-react'
import { Icon } from '../ui/icon.tsx'
import { Tip } from '../ui/tooltip.tsx'
import { alertsPlace, useAlerts } from './alerts.ts'
import { placeHash } from './router.ts'

/** Leads to the alerts, and says how many are open. */
export function AlertBell() {
  const open = useAlerts((state) => state.open)
  const words = open === 1 ? '1 open alert' : `${open} open alerts`
  return (
    <Tip label={open === 0 ? 'Alerts: none is open' : words}>
      <a
        href={placeHash('usage', alertsPlace)}
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
    </Tip>
  )
}
