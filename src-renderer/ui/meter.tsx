import { classes } from './classes.ts'

type MeterProps = { label: string; value: number; max: number; className?: string }

/** Usage of a limit: amber from 80 %, red at 100 %. */
export function Meter({ label, value, max, className }: MeterProps) {
  const share = max <= 0 ? 1 : Math.min(1, Math.max(0, value / max))
  const tone = share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-live' : 'bg-sage'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be styled in every browser
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
