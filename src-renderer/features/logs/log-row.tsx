import { memo } from 'react'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { routeHash } from '../../app/router.ts'
import { classes } from '../../ui/classes.ts'
import { formatExact } from '../../ui/format.ts'
import { logsLabels } from './labels.ts'
import { formatDuration, formatInstant, formatOtherDay } from './log-format.ts'
import { nameOf } from './log-rows.ts'
import { titleOf } from './log-title.ts'
import { toneClasses, toneOf } from './log-tone.ts'

export const rowHeight = 28

/** A narrow window hides the address column, and shows the day instead of milliseconds. */
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
      <span>{logsLabels.columns.time}</span>
      <span>{logsLabels.filterNames.type}</span>
      <span>{logsLabels.columns.entry}</span>
      <span className="text-right">{logsLabels.filterNames.status}</span>
      <span>{logsLabels.filterNames.outcome}</span>
      <span>{logsLabels.filterNames.key}</span>
      <span className="text-right">{logsLabels.columns.duration}</span>
      <span className="hidden xl:inline">{logsLabels.columns.address}</span>
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
  const outcome = outcomeText(entry)
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
      <span className="truncate text-ink-muted">{logsLabels.types[type]}</span>
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

/** Sets the method of a route apart. */
function Title({ title }: { title: string }) {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(title) ?? []
  if (!method) return title
  return (
    <span className="font-mono">
      <span className="inline-block min-w-11 font-semibold text-ink-muted">{method}</span> {path}
    </span>
  )
}

/** The fault code is more specific than its outcome. */
function outcomeText({ outcome, fault, event, type }: LogEntry): string {
  if (fault !== null) return fault.replaceAll('_', ' ')
  if (outcome !== null) return outcome.replaceAll('_', ' ')
  return type === 'message' ? event.replace('job.', 'job ') : ''
}
