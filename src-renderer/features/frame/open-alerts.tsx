import { useAlerts } from '../../app/alerts.ts'
import { appLabels } from '../../app/labels.ts'

/** The number of open alerts beside the name of a screen. */
export function OpenAlerts() {
  const open = useAlerts((state) => state.open)
  if (open === 0) return null
  return (
    // Hidden from screen readers: the alert bell of the screen announces the number.
    <span
      aria-hidden
      title={appLabels.openAlerts(open)}
      className="figures rounded-full bg-danger-soft px-1.5 font-semibold text-danger-ink text-xs max-sm:hidden"
    >
      {open}
    </span>
  )
}
