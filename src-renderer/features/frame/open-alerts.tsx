import { useAlerts } from '../../app/alerts.ts'

/** How many alerts are open, beside a screen's name; nothing while there are none. */
export function OpenAlerts() {
  const open = useAlerts((state) => state.open)
  if (open === 0) return null
  return (
    // The link keeps its plain name; the bell of the screen says the same in words.
    <span
      aria-hidden
      title={open === 1 ? '1 open alert' : `${open} open alerts`}
      className="figures rounded-full bg-danger-soft px-1.5 font-semibold text-danger-ink text-xs"
    >
      {open}
    </span>
  )
}
