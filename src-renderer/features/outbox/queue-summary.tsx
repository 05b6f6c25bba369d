import type { ReactNode } from 'react'
import { formatCount, formatExact } from '../../ui/format.ts'
import { useNow } from '../../ui/use-now.ts'
import { useOutbox } from './outbox-store.ts'

/** The queue in four figures. */
export function QueueSummary() {
  const summary = useOutbox((state) => state.summary)
  const queue = summary.status === 'ready' ? summary.value.queue : null
  const deferred = queue?.deferred ?? 0
  return (
    <dl aria-label="Queue, in recipients" className="flex items-center gap-5">
      <Figure name="Waiting" value={queue?.waiting} />
      <Figure name="Sending" value={queue?.sending} />
      <Figure name="Deferred" value={queue?.deferred} isLoud={deferred > 0}>
        {queue?.oldest_at && deferred > 0 && <Oldest at={queue.oldest_at} />}
      </Figure>
      <Figure
        name="Sent today"
        value={summary.status === 'ready' ? summary.value.delivered_today : undefined}
      />
    </dl>
  )
}

type FigureProps = {
  name: string
  value: number | undefined
  isLoud?: boolean
  children?: ReactNode
}

function Figure({ name, value, isLoud, children }: FigureProps) {
  return (
    <div className="flex items-baseline gap-1.5 whitespace-nowrap">
      <dt className="text-ink-faint text-sm">{name}</dt>
      <dd className="figures flex min-w-3 items-baseline gap-1.5 font-medium">
        <span className={isLoud ? 'text-warn-ink' : ''}>
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
      oldest {formatAge(now - Date.parse(at))}
    </span>
  )
}

function formatAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'under 1 min'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
