import { TriangleAlert } from 'lucide-react'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { routeHash } from '../../app/router.ts'
import { formatCount, formatMoment } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { formatMs } from './format-ms.ts'
import { usageLabels } from './labels.ts'
import { outcomeStyles } from './outcome-colors.ts'
import { UsageChart } from './usage-chart.tsx'
import { type Measure, useUsage, zoomIn } from './usage-store.ts'

type ChartCardProps = { usage: Usage; alerts: readonly Alert[]; previous: string }

const maxAlerts = 3

/** The chart with its legend and its alerts. */
export function ChartCard({ usage, alerts, previous }: ChartCardProps) {
  const measure = useUsage((state) => state.measure)
  return (
    <figure className="m-0">
      <div className="flex min-h-8 items-start gap-4 px-4 pt-3">
        <Legend usage={usage} measure={measure} />
        <span className="flex shrink-0 items-center gap-1.5 text-ink-faint text-sm">
          <span className="w-4 border-ink-faint border-t border-dashed" />
          {previous}
        </span>
      </div>
      <div className="px-4 pt-1 pb-2">
        <UsageChart usage={usage} measure={measure} alerts={alerts} onZoom={zoomIn} />
      </div>
      {alerts.length > 0 && (
        <ul aria-label={usageLabels.chart.alerts} className="border-line border-t py-1">
          {alerts.slice(0, maxAlerts).map(({ id, message, raised_at }) => (
            <li key={id}>
              <a
                href={routeHash('usage', id)}
                className="flex h-7 cursor-default items-center gap-2 px-4 hover:bg-hover"
              >
                <Icon of={TriangleAlert} size={13} className="shrink-0 text-danger-ink" />
                <span className="figures shrink-0 text-ink-faint text-sm">
                  {formatMoment(raised_at)}
                </span>
                <span className="min-w-0 flex-1 truncate" title={message}>
                  {message}
                </span>
              </a>
            </li>
          ))}
          {alerts.length > maxAlerts && (
            <li className="px-4 py-1 text-ink-faint text-sm">
              {usageLabels.chart.more(alerts.length - maxAlerts)}
            </li>
          )}
        </ul>
      )}
    </figure>
  )
}

function Legend({ usage, measure }: { usage: Usage; measure: Measure }) {
  const { totals } = usage
  const entries: readonly (readonly [name: string, value: string, color: string])[] =
    measure === 'outcomes'
      ? outcomeStyles
          .filter(({ outcome }) => totals.outcomes[outcome] > 0)
          .map(({ outcome, name, color }) => [name, formatCount(totals.outcomes[outcome]), color])
      : measure === 'emails'
        ? [[usageLabels.emails, formatCount(totals.emails), 'var(--color-sage)']]
        : [
            [usageLabels.mean, msOf(totals.mean_ms), 'var(--color-outcome-ok)'],
            ['p95', msOf(totals.p95_ms), 'var(--color-outcome-unauthorized)'],
          ]
  return (
    <ul
      aria-label={
        {
          outcomes: usageLabels.outcomes,
          emails: usageLabels.emails,
          latency: usageLabels.latency,
        }[measure]
      }
      className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-1"
    >
      {entries.map(([name, value, color]) => (
        <li key={name} className="flex items-center gap-1.5 text-sm">
          <span className="size-2 rounded-[2px]" style={{ background: color }} />
          <span className="text-ink-muted">{name}</span>
          <span className="figures font-medium">{value}</span>
        </li>
      ))}
    </ul>
  )
}

const msOf = (ms: number | null): string => (ms === null ? '–' : formatMs(ms))
