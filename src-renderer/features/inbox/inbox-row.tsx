import { Check, Paperclip } from 'lucide-react'
import { memo } from 'react'
import type { InboxMessage } from '../../../src-main/contract/messages.ts'
import { routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { formatBytes, formatExact, formatWhen } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Marked } from './inbox-highlight.tsx'
import { inboxLabels } from './labels.ts'
import { prefetchMessage } from './message-prefetch.ts'

export const rowHeight = 56
const maxTags = 2

type InboxRowProps = {
  message: InboxMessage
  isCursor: boolean
  isOpen: boolean
  isArrival: boolean
  isSelected: boolean
  /** Rows are selected, so every row shows its checkbox. */
  isSelecting: boolean
  highlight: RegExp | null
  /** Inbox and key name, without the parts that are the same for the whole list. */
  origin: string
  onOpen: (id: string) => void
  onSelect: (id: string, isRange: boolean) => void
}

export const InboxRow = memo(function InboxRow(props: InboxRowProps) {
  const { message, isCursor, isOpen, isArrival, isSelected, origin, onOpen, onSelect } = props
  const { id, from, subject, received_at, size_bytes, attachments, read, tags } = message
  return (
    <div
      className={classes(
        'group relative h-full border-line border-b',
        isSelected || isOpen ? 'bg-selected' : isCursor ? 'bg-hover' : 'hover:bg-hover',
        isArrival && 'animate-arrive',
      )}
    >
      <a
        href={routeHash('inbox', id)}
        data-row={id}
        tabIndex={isCursor ? 0 : -1}
        aria-current={isOpen ? 'true' : undefined}
        onPointerEnter={() => prefetchMessage(id)}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          if (event.shiftKey) onSelect(id, true)
          else onOpen(id)
        }}
        className="flex h-full cursor-default select-none flex-col justify-center gap-0.5 pr-3 pl-7 focus-visible:-outline-offset-2"
      >
        <span className="flex items-center gap-2">
          <span
            dir="auto"
            className={classes(
              'min-w-[45%] flex-1 truncate text-left',
              read ? 'text-ink-muted' : 'font-semibold',
            )}
          >
            {from.name || from.address || inboxLabels.noSender}
          </span>
          {origin !== '' && (
            <span title={origin} className="min-w-0 truncate text-ink-faint text-xs">
              {origin}
            </span>
          )}
          {attachments > 0 && (
            <>
              <Icon of={Paperclip} size={12} className="shrink-0 text-ink-faint" />
              <span className="sr-only">{inboxLabels.attachments(attachments)}</span>
            </>
          )}
          <time
            dateTime={received_at}
            title={`${formatExact(received_at)}, ${formatBytes(size_bytes)}`}
            className="figures shrink-0 text-ink-faint text-sm"
          >
            {formatWhen(received_at)}
          </time>
        </span>
        <span className="flex items-center gap-1">
          <SubjectAndSnippet {...props} subject={subject} />
          {tags.slice(0, maxTags).map((tag) => (
            <Badge key={tag}>
              <span title={tag} className="max-w-20 truncate">
                {tag}
              </span>
            </Badge>
          ))}
          {tags.length > maxTags && (
            <span title={tags.slice(maxTags).join(', ')} className="text-ink-faint text-xs">
              +{tags.length - maxTags}
            </span>
          )}
        </span>
      </a>
      <SelectBox {...props} />
    </div>
  )
})

/** `dir="auto"` skips bdi elements, so the subject sets the direction of the line. */
function SubjectAndSnippet({ message, highlight, subject }: InboxRowProps & { subject: string }) {
  const { read, snippet } = message
  return (
    <span dir="auto" className="min-w-0 flex-1 truncate text-left text-ink-faint">
      <span className={read ? 'text-ink-muted' : 'text-ink'}>
        <Marked text={subject || inboxLabels.noSubject} highlight={highlight} />
      </span>
      {snippet && (
        <bdi className="ms-1.5">
          <Marked text={snippet} highlight={highlight} />
        </bdi>
      )}
    </span>
  )
}

/** Replaces the unread dot on hover. */
function SelectBox({ message, isSelected, isSelecting, onSelect }: InboxRowProps) {
  const { id, read, subject } = message
  return (
    <>
      {!read && (
        <span
          className={classes(
            'pointer-events-none absolute top-[14px] left-[11px] size-[7px] rounded-full group-hover:bg-transparent',
            isSelecting ? 'bg-transparent' : 'bg-sage',
          )}
        >
          <span className="sr-only">{inboxLabels.unread}</span>
        </span>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: an input would capture the keys of the list */}
      <button
        type="button"
        role="checkbox"
        aria-checked={isSelected}
        aria-label={inboxLabels.select(subject)}
        tabIndex={-1}
        onClick={(event) => onSelect(id, event.shiftKey)}
        className={classes(
          'absolute top-1 left-0 flex h-7 w-7 items-center justify-center focus-visible:opacity-100 group-hover:opacity-100',
          !isSelecting && 'opacity-0',
        )}
      >
        <span
          className={classes(
            'flex size-4 items-center justify-center rounded-sm border',
            isSelected ? 'border-sage bg-sage text-on-sage' : 'border-control bg-raised',
          )}
        >
          {isSelected && <Icon of={Check} size={12} />}
        </span>
      </button>
    </>
  )
}
