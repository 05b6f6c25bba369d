import { formatExact } from './format.ts'
import { uiLabels } from './labels.ts'
import { useNow } from './use-now.ts'

/** A running countdown: "in 4 min 12 s". */
export function Countdown({ to }: { to: string }) {
  const now = useNow()
  return (
    <time dateTime={to} title={formatExact(to)} className="figures whitespace-nowrap">
      {formatCountdown(Date.parse(to) - now)}
    </time>
  )
}

export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  if (seconds === 0) return uiLabels.now
  if (seconds < 60) return `in ${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `in ${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `in ${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `in ${Math.round(hours / 24)} days`
}
