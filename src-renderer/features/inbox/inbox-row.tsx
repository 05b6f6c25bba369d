import { Paperclip } from 'lucide-react'
import { memo } from 'react'
import type { InboxMessage } from '../../../src-main/contract/messages.ts'
import { placeHash } from '../../place.ts'
import { classes } from '../../ui/classes.ts'
import { formatBytes, formatExact, formatWhen } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'

export const rowHeight = 56

type InboxRowProps = {
  message: InboxMessage
  isCursor: boolean
  isOpen: boolean
  isArrival: boolean
  onOpen: (id: string) => void
}

export const InboxRow = memo(function InboxRow(props: InboxRowProps) {
  const { message, isCursor, isOpen, isArrival, onOpen } = props
  const { id, from, subject, snippet, received_at, size_bytes, attachments, read } = message
  return (
    <a
      href={placeHash('inbox', id)}
      data-row={id}
      tabIndex={isCursor ? 0 : -1}
      aria-current={isOpen ? 'true' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return
        event.preventDefault()
        onOpen(id)
      }}
      className={classes(
        'group relative flex h-full cursor-default flex-col justify-center gap-0.5 border-line border-b pr-3 pl-6 focus-visible:-outline-offset-2',
        isOpen ? 'bg-selected' : isCursor ? 'bg-hover' : 'hover:bg-hover',
        isArrival && 'animate-arrive',
      )}
    >
      {!read && (
        <span className="absolute top-[14px] left-[9px] size-[7px] rounded-full bg-sage">
          <span className="sr-only">Unread</span>
        </span>
      )}
      <span className="flex items-center gap-1.5">
        <span
          dir="auto"
          className={classes(
            'min-w-0 flex-1 truncate text-left',
            read ? 'text-ink-muted' : 'font-semibold',
          )}
        >
          {from.name || from.address || '(no sender)'}
        </span>
        {attachments > 0 && (
          <>
            <Icon of={Paperclip} size={12} className="text-ink-faint" />
            <span className="sr-only">{attachments} attachments</span>
          </>
        )}
        <span className="figures hidden text-ink-faint text-sm group-hover:inline">
          {formatBytes(size_bytes)}
        </span>
        <time
          dateTime={received_at}
          title={formatExact(received_at)}
          className="figures shrink-0 text-ink-faint text-sm"
        >
          {formatWhen(received_at)}
        </time>
      </span>
      {/* The subject gives the line its direction; a bdi would not count for that. */}
      <span dir="auto" className="truncate text-left text-ink-faint">
        <span className={read ? 'text-ink-muted' : 'text-ink'}>{subject || '(no subject)'}</span>
        {snippet && <bdi className="ms-1.5">{snippet}</bdi>}
      </span>
    </a>
  )
})
