import { classes } from './classes.ts'

type MeterProps = { label: string; value: number; max: number; className?: string }

/** How much of a limit is used; warm from four fifths on, red when nothing is left. */
export function Meter({ label, value, max, className }: MeterProps) {
  const share = max <= 0 ? 1 : Math.min(1, Math.max(0, value / max))
  const tone = share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-live' : 'bg-sage'
  return (
    // A native meter cannot be given these looks in every browser.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      className={classes('h-1 overflow-hidden rounded-full bg-line', className)}
    >
      <div
        className={classes('h-full rounded-full transition-[width]', tone)}
        style={{ width: share === 0 ? 0 : `max(3px, ${share * 100}%)` }}
      />
    </div>
  )
}
