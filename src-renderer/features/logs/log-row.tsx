import { memo } from 'react'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { routeHash } from '../../app/router.ts'
import { classes } from '../../ui/classes.ts'
import { formatExact } from '../../ui/format.ts'
import { typeWords } from './log-filters.ts'
import {
  formatDuration,
  formatInstant,
  formatOtherDay,
  titleOf,
  toneClasses,
  toneOf,
} from './log-labels.ts'
import { nameOf } from './log-rows.ts'

export const rowHeight = 28

/** In a narrow window the address is left to the drawer, and the day takes the milliseconds' place. */
const columns =
  'grid grid-cols-[100px_60px_minmax(0,1fr)_40px_108px_minmax(0,88px)_56px] items-center gap-3 px-4 xl:grid-cols-[128px_64px_minmax(0,1fr)_44px_160px_minmax(0,132px)_68px_112px]'

export function LogHeadings() {
  return (
    <div
      aria-hidden
      className={classes(
        columns,
        'h-7 shrink-0 border-line border-b bg-sunken font-medium text-ink-faint text-xs',
      )}
    >
      <span>Time</span>
      <span>Kind</span>
      <span>What</span>
      <span className="text-right">Status</span>
      <span>Outcome</span>
      <span>Key</span>
      <span className="text-right">Took</span>
      <span className="hidden xl:inline">Address</span>
    </div>
  )
}

type LogRowProps = {
  entry: LogEntry
  isCursor: boolean
  isOpen: boolean
  onOpen: (name: string) => void
}

export const LogRow = memo(function LogRow({ entry, isCursor, isOpen, onOpen }: LogRowProps) {
  const { timestamp, type, status, key_name, key_id, duration_ms, address } = entry
  const name = nameOf(entry)
  const title = titleOf(entry)
  const tone = toneClasses[toneOf(entry)]
  const outcome = outcomeWord(entry)
  const day = formatOtherDay(timestamp)
  return (
    <a
      href={routeHash('logs', name)}
      data-row={name}
      tabIndex={isCursor ? 0 : -1}
      aria-current={isOpen ? 'true' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return
        event.preventDefault()
        onOpen(name)
      }}
      className={classes(
        columns,
        'figures h-full cursor-default border-line border-b text-sm focus-visible:-outline-offset-2',
        isOpen ? 'bg-selected' : isCursor ? 'bg-hover' : 'hover:bg-hover',
      )}
    >
      <time
        dateTime={timestamp}
        title={formatExact(timestamp)}
        className="truncate font-mono text-ink-muted text-xs"
      >
        {day !== '' && `${day} `}
        {formatInstant(timestamp).slice(0, -4)}
        <span className={day === '' ? '' : 'hidden xl:inline'}>
          {formatInstant(timestamp).slice(-4)}
        </span>
      </time>
      <span className="truncate text-ink-muted">{typeWords[type]}</span>
      <span className="truncate" title={title}>
        <Title title={title} />
      </span>
      <span className={classes('text-right font-medium', tone)}>{status ?? ''}</span>
      <span className={classes('truncate', tone)} title={outcome}>
        {outcome}
      </span>
      <span className="truncate text-ink-muted" title={key_id ?? undefined}>
        {key_name ?? key_id ?? ''}
      </span>
      <span className="text-right text-ink-muted">
        {duration_ms === null ? '' : formatDuration(duration_ms)}
      </span>
      <span
        className="hidden truncate font-mono text-ink-muted text-xs xl:inline"
        title={address ?? undefined}
      >
        {address ?? ''}
      </span>
    </a>
  )
})

/** A route has its method set apart; all else is a sentence. */
function Title({ title }: { title: string }) {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(title) ?? []
  if (!method) return title
  return (
    <span className="font-mono">
      <span className="inline-block min-w-11 font-semibold text-ink-muted">{method}</span> {path}
    </span>
  )
}

/** The fault says more than the outcome it counts as. */
function outcomeWord({ outcome, fault, event, type }: LogEntry): string {
  if (fault !== null) return fault.replaceAll('_', ' ')
  if (outcome !== null) return outcome.replaceAll('_', ' ')
  return type === 'message' ? event.replace('job.', 'job ') : ''
}
