import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Figures, Usage } from '../../../src-main/contract/usage.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { deltaOf, errorRate, type Good } from './delta.ts'
import { formatMs } from './format-ms.ts'

type StatCardsProps = { usage: Usage; before: string; isNarrowed: boolean }

/** The figures of the time shown, each against the time before. */
export function StatCards({ usage, before, isNarrowed }: StatCardsProps) {
  const { totals, deliveries, previous } = usage
  const then: Figures | null = previous?.totals ?? null
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
      {...{ format, good, before }}
    />
  )
  return (
    <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line xl:grid-cols-6">
      {stat('Requests', ({ requests }) => requests, formatCount, 'neither')}
      {stat('Emails', ({ emails }) => emails, formatCount, 'neither')}
      {stat('Error rate', errorRate, formatShare, 'less')}
      {stat('Mean latency', ({ mean_ms: ms }) => ms, formatMs, 'less')}
      {stat('p95 latency', ({ p95_ms: ms }) => ms, formatMs, 'less')}
      <Stat
        name={isNarrowed ? 'Delivered, all keys' : 'Delivered'}
        now={deliveries.delivered}
        then={previous?.deliveries.delivered ?? null}
        format={formatCount}
        good="more"
        before={before}
        note={`${formatCount(deliveries.bounced)} bounced, ${formatCount(deliveries.failed)} failed`}
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
  before: string
  note?: string
}

function Stat({ name, now, then, format, good, before, note }: StatProps) {
  return (
    <div className="min-w-0 bg-canvas px-4 py-3">
      <dt className="text-ink-muted text-sm">{name}</dt>
      <dd className="mt-0.5">
        <span className="flex items-baseline gap-2">
          <span className="figures truncate font-semibold text-2xl tracking-[-0.015em]">
            {now === null ? '–' : format(now)}
          </span>
          <Change {...{ now, then, format, good, before }} />
        </span>
        <span className="block truncate text-ink-faint text-sm" title={note}>
          {note ?? (then === null ? 'Nothing before' : `${format(then)} before`)}
        </span>
      </dd>
    </div>
  )
}

const tones = { good: 'text-sage-ink', bad: 'text-danger-ink', plain: 'text-ink-muted' } as const

function Change({ now, then, format, good, before }: Omit<StatProps, 'name' | 'note'>) {
  const delta = deltaOf(now, then, good)
  if (!delta || delta.direction === 'same') return null
  const size = delta.fraction === null ? 'new' : formatShare(Math.abs(delta.fraction))
  const word = delta.direction === 'up' ? 'up' : 'down'
  return (
    <span
      title={`${format(then ?? 0)} in ${before}`}
      className={`figures inline-flex items-center gap-0.5 whitespace-nowrap font-medium text-sm ${tones[delta.tone]}`}
    >
      <Icon of={delta.direction === 'up' ? ArrowUp : ArrowDown} size={12} />
      <span className="sr-only">{word} </span>
      {size}
    </span>
  )
}
