import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { formatClock, formatCount, formatDay, formatExact } from '../../ui/format.ts'
import { outcomeLooks } from './outcome-looks.ts'

type Point = Usage['series'][number]

/** Outcomes stacked over time. The tables below it say the same to those who cannot see it. */
export function UsageChart({ usage }: { usage: Usage }) {
  const shown = outcomeLooks.filter(({ outcome }) => usage.totals.outcomes[outcome] > 0)
  const spanMs = Date.parse(usage.to) - Date.parse(usage.from)
  const tick = spanMs > 2 * 86_400_000 ? formatDay : formatClock
  return (
    <figure className="px-4 pt-4 pb-3">
      <ul aria-label="Outcomes" className="mb-3 flex flex-wrap gap-x-4 gap-y-1">
        {shown.map(({ outcome, name, color }) => (
          <li key={outcome} className="flex items-center gap-1.5 text-sm">
            <span className="size-2 rounded-[2px]" style={{ background: color }} />
            <span className="text-ink-muted">{name}</span>
            <span className="figures font-medium">
              {formatCount(usage.totals.outcomes[outcome])}
            </span>
          </li>
        ))}
      </ul>
      <div aria-hidden className="h-60">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={[...usage.series]}
            margin={{ top: 8, right: 0, bottom: 0, left: -16 }}
            barCategoryGap={1}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--color-line)" />
            <XAxis
              dataKey="at"
              tickFormatter={tick}
              tickLine={false}
              axisLine={{ stroke: 'var(--color-line-strong)' }}
              tick={{ fill: 'var(--color-ink-faint)', fontSize: 11 }}
              minTickGap={48}
              tickMargin={6}
            />
            <YAxis
              allowDecimals={false}
              tickFormatter={formatCount}
              tickLine={false}
              axisLine={false}
              tick={{ fill: 'var(--color-ink-faint)', fontSize: 11 }}
              width={56}
            />
            <Tooltip
              cursor={{ fill: 'var(--color-hover)' }}
              isAnimationActive={false}
              content={({ payload }) => {
                const point: Point | undefined = payload?.[0]?.payload
                return point ? <PointCard point={point} /> : null
              }}
            />
            {shown.map(({ outcome, color }) => (
              <Bar
                key={outcome}
                dataKey={(point: Point) => point.outcomes[outcome]}
                stackId="outcomes"
                fill={color}
                maxBarSize={28}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  )
}

function PointCard({ point }: { point: Point }) {
  return (
    <div className="min-w-44 rounded-lg bg-raised px-3 py-2 text-sm shadow-float">
      <p className="mb-1 text-ink-faint">{formatExact(point.at)}</p>
      {outcomeLooks
        .filter(({ outcome }) => point.outcomes[outcome] > 0)
        .map(({ outcome, name, color }) => (
          <p key={outcome} className="flex items-center gap-2">
            <span className="size-2 rounded-[2px]" style={{ background: color }} />
            <span className="flex-1">{name}</span>
            <span className="figures font-medium">{formatCount(point.outcomes[outcome])}</span>
          </p>
        ))}
      <p className="mt-1 flex border-line border-t pt-1">
        <span className="flex-1 text-ink-muted">Emails</span>
        <span className="figures font-medium">{formatCount(point.emails)}</span>
      </p>
    </div>
  )
}
