import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { formatCount, formatExact } from '../../ui/format.ts'
import { formatMs } from './format-ms.ts'
import { usageLabels } from './labels.ts'
import { outcomeStyles } from './outcome-colors.ts'
import type { Measure } from './usage-store.ts'

type Point = Usage['series'][number]
export type ChartPoint = Point & {
  readonly before: Point | null
  readonly alerts: readonly Alert[]
}

/** The tooltip of a bucket. */
export function PointCard({ point, measure }: { point: ChartPoint; measure: Measure }) {
  return (
    <div className="min-w-48 max-w-72 rounded-lg bg-raised px-3 py-2 text-sm shadow-float">
      <p className="mb-1 text-ink-faint">{formatExact(point.at)}</p>
      {measure === 'latency' && (
        <>
          <Line
            name={usageLabels.mean}
            value={msOf(point.mean_ms)}
            color="var(--color-outcome-ok)"
          />
          <Line name="p95" value={msOf(point.p95_ms)} color="var(--color-outcome-unauthorized)" />
          {point.before && (
            <Line name={usageLabels.chart.previousP95} value={msOf(point.before.p95_ms)} />
          )}
        </>
      )}
      {measure === 'emails' && (
        <>
          <Line
            name={usageLabels.emails}
            value={formatCount(point.emails)}
            color="var(--color-sage)"
          />
          {point.before && (
            <Line name={usageLabels.tables.previous} value={formatCount(point.before.emails)} />
          )}
        </>
      )}
      {measure === 'outcomes' && (
        <>
          {outcomeStyles
            .filter(({ outcome }) => point.outcomes[outcome] > 0)
            .map(({ outcome, name, color }) => (
              <Line
                key={outcome}
                name={name}
                color={color}
                value={formatCount(point.outcomes[outcome])}
              />
            ))}
          <Line name={usageLabels.requests} value={formatCount(point.requests)} />
          {point.before && (
            <Line name={usageLabels.tables.previous} value={formatCount(point.before.requests)} />
          )}
        </>
      )}
      {point.alerts.map(({ id, message }) => (
        <p key={id} className="mt-1 border-line border-t pt-1 text-danger-ink">
          {message}
        </p>
      ))}
    </div>
  )
}

function Line({ name, value, color }: { name: string; value: string; color?: string }) {
  return (
    <p className="flex items-center gap-2">
      <span
        className="size-2 rounded-[2px]"
        style={{ background: color ?? 'var(--color-transparent)' }}
      />
      <span className={color ? 'flex-1' : 'flex-1 text-ink-muted'}>{name}</span>
      <span className="figures font-medium">{value}</span>
    </p>
  )
}

const msOf = (ms: number | null): string => (ms === null ? '–' : formatMs(ms))
