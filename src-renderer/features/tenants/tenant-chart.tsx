import type { Usage } from '../../../src-main/contract/usage.ts'
import { formatCount, formatDay } from '../../ui/format.ts'
import { tenantsLabels } from './labels.ts'

/** Emails per day of this month as bars. The caption gives the maximum as text. */
export function TenantChart({ series }: { series: Usage['series'] }) {
  const [first] = series
  const left = first ? daysOfMonth(new Date(first.at)) - series.length : 0
  const maxEmails = Math.max(1, ...series.map(({ emails }) => emails))
  const busiest = series.toSorted((a, b) => b.emails - a.emails)[0]
  const summary =
    busiest && busiest.emails > 0
      ? tenantsLabels.chart.maximum(formatDay(busiest.at), busiest.emails)
      : tenantsLabels.chart.none
  return (
    <figure className="px-4 pt-3 pb-3">
      <figcaption className="mb-2 flex justify-between text-sm">
        <span className="text-ink-muted">{tenantsLabels.chart.caption}</span>
        <span className="figures text-ink-faint">{summary}</span>
      </figcaption>
      <div aria-hidden className="flex h-16 items-end gap-px">
        {series.map(({ at, emails }) => (
          <span
            key={at}
            title={`${formatDay(at)}: ${formatCount(emails)}`}
            className={`min-w-0 flex-1 rounded-t-sm ${emails > 0 ? 'bg-outcome-ok' : 'bg-line'}`}
            style={{ height: emails > 0 ? `${Math.max(6, (emails / maxEmails) * 100)}%` : '2px' }}
          />
        ))}
        <span style={{ flexGrow: Math.max(0, left) }} />
      </div>
    </figure>
  )
}

const daysOfMonth = (day: Date): number =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
