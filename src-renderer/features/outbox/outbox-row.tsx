import { memo } from 'react'
import type { OutboxMessage } from '../../../src-main/contract/outbox.ts'
import { routeHash } from '../../app/router.ts'
import { classes } from '../../ui/classes.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { formatDistance, formatExact, formatWhen } from '../../ui/format.ts'
import { outboxLabels } from './labels.ts'
import { displayStatus } from './outbox-icons.ts'
import { shortName } from './outbox-rows.ts'
import { StatusLabel } from './status-label.tsx'

export const rowHeight = 52

type OutboxRowProps = {
  message: OutboxMessage
  isCursor: boolean
  isOpen: boolean
  isSelected: boolean
  onOpen: (id: string) => void
  onSelect: (id: string) => void
}

export const OutboxRow = memo(function OutboxRow(props: OutboxRowProps) {
  const { message, isCursor, isOpen, isSelected, onOpen, onSelect } = props
  const { id, subject, key_name, relay, created_at } = message
  const source = [key_name, relay].filter(Boolean).join(' → ')
  return (
    <div
      className={classes(
        'group relative h-full border-line border-b',
        isOpen || isSelected ? 'bg-selected' : isCursor ? 'bg-hover' : 'hover:bg-hover',
      )}
    >
      <input
        type="checkbox"
        checked={isSelected}
        onChange={() => onSelect(id)}
        tabIndex={-1}
        aria-label={outboxLabels.select(subject)}
        className={classes(
          'absolute top-[10px] left-[11px] z-10 size-3.5 accent-sage group-hover:opacity-100',
          isSelected ? 'opacity-100' : 'opacity-0 focus-visible:opacity-100',
        )}
      />
      <a
        href={routeHash('outbox', id)}
        data-row={id}
        tabIndex={isCursor ? 0 : -1}
        aria-current={isOpen ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen(id)
        }}
        className="flex h-full cursor-default items-center gap-3 pr-3 pl-9 focus-visible:-outline-offset-2"
      >
        <span className="flex w-[100px] shrink-0 flex-col">
          <StatusLabel of={displayStatus(message)} className="font-medium text-sm leading-5" />
          <span className="block h-5 truncate pl-5 text-ink-faint text-sm leading-5">
            <StatusDetail message={message} />
          </span>
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-3">
            <Recipients message={message} />
            <time
              dateTime={created_at}
              title={formatExact(created_at)}
              className="figures shrink-0 text-ink-faint text-sm"
            >
              {formatWhen(created_at)}
            </time>
          </span>
          <span className="flex items-baseline gap-3">
            <span dir="auto" className="min-w-0 flex-1 truncate text-left text-ink-muted">
              {subject || outboxLabels.noSubject}
            </span>
            <span
              title={source}
              className="@max-[420px]:hidden max-w-[42%] shrink-0 truncate text-ink-faint text-sm"
            >
              {key_name}
              {relay && <span className="@max-[520px]:hidden">{outboxLabels.via(relay)}</span>}
            </span>
          </span>
        </span>
      </a>
    </div>
  )
})

function Recipients({ message: { to, recipients } }: { message: OutboxMessage }) {
  const [first = outboxLabels.noRecipient] = to
  return (
    <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
      <bdi title={to.join(', ')} className="truncate font-medium">
        {shortName(first)}
      </bdi>
      {recipients > 1 && (
        <span className="figures shrink-0 text-ink-faint text-sm">+{recipients - 1}</span>
      )}
    </span>
  )
}

/** The scheduled time, the next attempt or the number of deliveries. */
function StatusDetail({ message }: { message: OutboxMessage }) {
  const { status, scheduled_at, next_attempt_at, recipients, delivered, deferred } = message
  if (status === 'scheduled' && scheduled_at) {
    return <span title={formatExact(scheduled_at)}>{formatDistance(scheduled_at)}</span>
  }
  if (deferred > 0 && next_attempt_at) return <Countdown to={next_attempt_at} />
  if (recipients > 1 && delivered < recipients) {
    return <span className="figures">{outboxLabels.deliveredOf(delivered, recipients)}</span>
  }
  return null
}
