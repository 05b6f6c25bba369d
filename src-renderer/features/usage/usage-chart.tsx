import { useState } from 'react'
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { formatClock, formatCount, formatDay } from '../../ui/format.ts'
import { formatMs } from './format-ms.ts'
import { outcomeStyles } from './outcome-colors.ts'
import { type ChartPoint, PointCard } from './point-card.tsx'
import { type Range, zoomTo } from './usage-range.ts'
import type { Measure } from './usage-store.ts'

type UsageChartProps = {
  usage: Usage
  measure: Measure
  alerts: readonly Alert[]
  onZoom: (range: Range) => void
}

const tick = { fill: 'var(--color-ink-faint)', fontSize: 11 }
const before = {
  stroke: 'var(--color-ink-faint)',
  strokeWidth: 1,
  strokeDasharray: '3 3',
  strokeOpacity: 0.7,
  dot: false,
  activeDot: false,
  isAnimationActive: false,
  type: 'monotone',
} as const

/** Hidden from assistive technology; the figures and tables around it have the same content. */
export function UsageChart({ usage, measure, alerts, onZoom }: UsageChartProps) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const points = pointsOf(usage, alerts)
  const spanMs = Date.parse(usage.to) - Date.parse(usage.from)
  const ends = drag && [points[drag.from]?.at, points[drag.to]?.at]

  return (
    <div aria-hidden className="h-60 cursor-crosshair select-none" data-chart={measure}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={points}
          margin={{ top: 12, right: 4, bottom: 0, left: -8 }}
          barCategoryGap={points.length > 150 ? 0 : 1}
          accessibilityLayer={false}
          // A throttled move could arrive after the press or release that follows it.
          throttledEvents={[]}
          onMouseDown={({ activeTooltipIndex }) => {
            const at = indexOf(activeTooltipIndex)
            if (at !== null) setDrag({ from: at, to: at })
          }}
          onMouseMove={({ activeTooltipIndex }) => {
            const at = indexOf(activeTooltipIndex)
            if (drag && at !== null && at !== drag.to) setDrag({ ...drag, to: at })
          }}
          onMouseUp={({ activeTooltipIndex }) => {
            const range = drag && zoomTo(points, drag.from, indexOf(activeTooltipIndex) ?? drag.to)
            setDrag(null)
            if (range) onZoom(range)
          }}
          onMouseLeave={() => setDrag(null)}
        >
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis
            dataKey="at"
            tickFormatter={spanMs > 2 * 86_400_000 ? formatDay : formatClock}
            tickLine={false}
            axisLine={{ stroke: 'var(--color-line-strong)' }}
            tick={tick}
            minTickGap={48}
            tickMargin={6}
          />
          <YAxis
            allowDecimals={measure === 'latency'}
            tickFormatter={measure === 'latency' ? formatMs : formatCount}
            tickLine={false}
            axisLine={false}
            tick={tick}
            width={56}
          />
          <Tooltip
            cursor={{ fill: 'var(--color-hover)', stroke: 'var(--color-line-strong)' }}
            isAnimationActive={false}
            content={({ payload }) => {
              const point: ChartPoint | undefined = payload?.[0]?.payload
              return point ? <PointCard point={point} measure={measure} /> : null
            }}
          />
          {partsOf(usage, measure)}
          {points
            .filter((point) => point.alerts.length > 0)
            .map((point) => (
              <ReferenceLine
                key={point.at}
                x={point.at}
                stroke="var(--color-danger)"
                strokeDasharray="2 3"
                label={AlertMark}
              />
            ))}
          {ends?.[0] && ends[1] && (
            <ReferenceArea
              x1={ends[0]}
              x2={ends[1]}
              fill="var(--color-sage)"
              fillOpacity={0.16}
              stroke="var(--color-sage)"
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

/** Returns an array because recharts reads only direct children. */
function partsOf(usage: Usage, measure: Measure) {
  const hasBefore = usage.previous !== null
  if (measure === 'latency') {
    return [
      hasBefore && (
        <Line key="before" {...before} dataKey={(point: ChartPoint) => point.before?.p95_ms} />
      ),
      <Line key="mean" {...line} dataKey="mean_ms" stroke="var(--color-outcome-ok)" />,
      <Line key="p95" {...line} dataKey="p95_ms" stroke="var(--color-outcome-unauthorized)" />,
    ]
  }
  if (measure === 'emails') {
    return [
      <Bar key="emails" {...bar} dataKey="emails" fill="var(--color-sage)" />,
      hasBefore && (
        <Line key="before" {...before} dataKey={(point: ChartPoint) => point.before?.emails} />
      ),
    ]
  }
  return [
    ...outcomeStyles
      .filter(({ outcome }) => usage.totals.outcomes[outcome] > 0)
      .map(({ outcome, color }) => (
        <Bar
          key={outcome}
          {...bar}
          dataKey={(point: ChartPoint) => point.outcomes[outcome]}
          stackId="outcomes"
          fill={color}
        />
      )),
    hasBefore && (
      <Line key="before" {...before} dataKey={(point: ChartPoint) => point.before?.requests} />
    ),
  ]
}

const bar = { maxBarSize: 28, isAnimationActive: false } as const
const line = {
  type: 'monotone',
  strokeWidth: 1.75,
  dot: { r: 1.5, strokeWidth: 0, fill: 'var(--color-ink-muted)' },
  connectNulls: true,
  isAnimationActive: false,
} as const

function AlertMark({ viewBox }: { viewBox?: unknown }) {
  // recharts passes a box to the label, but its type is unknown.
  const { x, y } = (viewBox ?? {}) as { readonly x?: number; readonly y?: number }
  if (x === undefined || y === undefined) return null
  return (
    <path
      d={`M${x} ${y - 10} l5 9 h-10 z`}
      fill="var(--color-danger)"
      stroke="var(--color-canvas)"
      strokeWidth={1}
    />
  )
}

/** Joins each bucket with its previous counterpart and its alerts. */
function pointsOf({ series, previous, to }: Usage, alerts: readonly Alert[]): ChartPoint[] {
  return series.map((figures, index) => {
    const begin = Date.parse(figures.at)
    const end = Date.parse(series[index + 1]?.at ?? to)
    return {
      ...figures,
      before: previous?.series[index] ?? null,
      alerts: alerts.filter(({ raised_at: at }) => {
        const raised = Date.parse(at)
        return raised >= begin && (raised < end || index === series.length - 1)
      }),
    }
  })
}

function indexOf(index: unknown): number | null {
  const found = typeof index === 'string' ? Number(index) : index
  return typeof found === 'number' && Number.isInteger(found) ? found : null
}
