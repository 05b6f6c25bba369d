import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Figures, Usage } from '../../../src-main/contract/usage.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { deltaOf, errorRate, type Good } from './delta.ts'
import { formatMs } from './format-ms.ts'
import { usageLabels } from './labels.ts'

type StatCardsProps = { usage: Usage; previous: string; isFiltered: boolean }

/** The figures of the period, each compared with the previous period. */
export function StatCards({ usage, previous, isFiltered }: StatCardsProps) {
  const { totals, deliveries } = usage
  const then: Figures | null = usage.previous?.totals ?? null
  const stat = (
    name: string,
    figureOf: (figures: Figures) => number | null,
    format: (value: number) => string,
    good: Good,
  ) => (
    <Stat
      name={name}
      now={figureOf(totals)}
      then={then && figureOf(then)}
      {...{ format, good, previous }}
    />
  )
  return (
    <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line xl:grid-cols-6">
      {stat(usageLabels.requests, ({ requests }) => requests, formatCount, 'neither')}
      {stat(usageLabels.emails, ({ emails }) => emails, formatCount, 'neither')}
      {stat(usageLabels.stats.errorRate, errorRate, formatShare, 'less')}
      {stat(usageLabels.stats.meanLatency, ({ mean_ms: ms }) => ms, formatMs, 'less')}
      {stat(usageLabels.stats.p95Latency, ({ p95_ms: ms }) => ms, formatMs, 'less')}
      <Stat
        name={isFiltered ? usageLabels.stats.deliveredAllKeys : usageLabels.stats.delivered}
        now={deliveries.delivered}
        then={usage.previous?.deliveries.delivered ?? null}
        format={formatCount}
        good="more"
        previous={previous}
        note={usageLabels.stats.undelivered(deliveries.bounced, deliveries.failed)}
      />
    </dl>
  )
}

type StatProps = {
  name: string
  now: number | null
  then: number | null
  format: (value: number) => string
  good: Good
  previous: string
  note?: string
}

function Stat({ name, now, then, format, good, previous, note }: StatProps) {
  return (
    <div className="min-w-0 bg-canvas px-4 py-3">
      <dt className="text-ink-muted text-sm">{name}</dt>
      <dd className="mt-0.5">
        <span className="flex items-baseline gap-2">
          <span className="figures truncate font-semibold text-2xl tracking-[-0.015em]">
            {now === null ? '–' : format(now)}
          </span>
          <Change {...{ now, then, format, good, previous }} />
        </span>
        <span className="block truncate text-ink-faint text-sm" title={note}>
          {note ??
            (then === null
              ? usageLabels.stats.noEarlierData
              : usageLabels.stats.previously(format(then)))}
        </span>
      </dd>
    </div>
  )
}

const tones = { good: 'text-sage-ink', bad: 'text-danger-ink', plain: 'text-ink-muted' } as const

function Change({ now, then, format, good, previous }: Omit<StatProps, 'name' | 'note'>) {
  const delta = deltaOf(now, then, good)
  if (!delta || delta.direction === 'same' || delta.fraction === null) return null
  return (
    <span
      title={`${previous}: ${format(then ?? 0)}`}
      className={`figures inline-flex items-center gap-0.5 whitespace-nowrap font-medium text-sm ${tones[delta.tone]}`}
    >
      <Icon of={delta.direction === 'up' ? ArrowUp : ArrowDown} size={12} />
      <span className="sr-only">{usageLabels.stats[delta.direction]} </span>
      {formatShare(Math.abs(delta.fraction))}
    </span>
  )
}
