import type { ReactNode } from 'react'
import { formatCount, formatExact } from '../../ui/format.ts'
import { useNow } from '../../ui/use-now.ts'
import { outboxLabels } from './labels.ts'
import { useOutbox } from './outbox-store.ts'

/** The size of the queue, and today's deliveries. */
export function QueueSummary() {
  const summary = useOutbox((state) => state.summary)
  const queue = summary.status === 'ready' ? summary.value.queue : null
  const deferred = queue?.deferred ?? 0
  return (
    <dl aria-label={outboxLabels.queue} className="flex flex-wrap items-center gap-x-5">
      <Figure name={outboxLabels.waiting} value={queue?.waiting} />
      <Figure name={outboxLabels.sending} value={queue?.sending} />
      <Figure name={outboxLabels.deferred} value={queue?.deferred} isHighlighted={deferred > 0}>
        {queue?.oldest_at && deferred > 0 && <Oldest at={queue.oldest_at} />}
      </Figure>
      <Figure
        name={outboxLabels.deliveredToday}
        value={summary.status === 'ready' ? summary.value.delivered_today : undefined}
      />
    </dl>
  )
}

type FigureProps = {
  name: string
  value: number | undefined
  isHighlighted?: boolean
  children?: ReactNode
}

function Figure({ name, value, isHighlighted, children }: FigureProps) {
  return (
    <div className="flex items-baseline gap-1.5 whitespace-nowrap">
      <dt className="text-ink-faint text-sm">{name}</dt>
      <dd className="figures flex min-w-3 items-baseline gap-1.5 font-medium">
        <span className={isHighlighted ? 'text-warn-ink' : ''}>
          {value === undefined ? '–' : formatCount(value)}
        </span>
        {children}
      </dd>
    </div>
  )
}

function Oldest({ at }: { at: string }) {
  const now = useNow(10_000)
  return (
    <span title={formatExact(at)} className="font-normal text-ink-faint text-sm">
      {outboxLabels.oldest(formatAge(now - Date.parse(at)))}
    </span>
  )
}

function formatAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return outboxLabels.underOneMinute
  if (minutes < 60) return outboxLabels.minutes(minutes)
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? outboxLabels.hours(hours) : outboxLabels.days(Math.floor(hours / 24))
}
