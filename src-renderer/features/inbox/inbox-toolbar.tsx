import { CheckCheck, Ellipsis, ListFilter, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/format.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { clearInbox, markAllRead } from './inbox-changes.ts'
import { InboxSearch } from './inbox-search.tsx'
import { chooseInbox, showUnreadOnly, useInbox } from './inbox-store.ts'

const everyInbox = '*'

export function InboxToolbar({ onLeaveSearch }: { onLeaveSearch: () => void }) {
  const { counts, inboxes, inbox, unreadOnly } = useInbox()
  const [isClearing, setClearing] = useState(false)
  const where = inbox === null ? 'every inbox' : `the inbox “${inbox}”`

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-1 border-line border-b pr-2 pl-3">
        <h1 className="sr-only">Inbox</h1>
        <InboxSearch onLeave={onLeaveSearch} />
        <IconButton
          icon={ListFilter}
          label="Unread only"
          pressed={unreadOnly}
          onClick={() => showUnreadOnly(!unreadOnly)}
        />
        <Menu
          trigger={
            <button type="button" aria-label="Inbox actions" className={moreLook}>
              <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
            </button>
          }
        >
          <MenuItem
            icon={CheckCheck}
            disabled={counts.unread === 0}
            onSelect={() => markAllRead().catch(toastFailure)}
          >
            Mark all read
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={Trash2}
            danger
            disabled={counts.total === 0}
            onSelect={() => setClearing(true)}
          >
            Clear inbox…
          </MenuItem>
        </Menu>
      </div>
      {inboxes.length > 1 && (
        <div className="flex h-10 shrink-0 items-center justify-between border-line border-b pr-3 pl-3">
          <Select
            label="Inbox"
            className="-ml-px h-6! border-transparent! bg-transparent! px-1.5! font-medium shadow-none!"
            value={inbox ?? everyInbox}
            onChange={(value) => chooseInbox(value === everyInbox ? null : value)}
            options={[
              { value: everyInbox, label: 'All inboxes' },
              ...inboxes.map(({ name }) => ({ value: name, label: name })),
            ]}
          />
          <span className="figures text-ink-faint text-sm">
            {formatCount(counts.total)} messages
          </span>
        </div>
      )}
      <Confirm
        open={isClearing}
        onClose={() => setClearing(false)}
        title={`Delete ${formatCount(counts.total)} messages?`}
        action="Delete all"
        onConfirm={clearInbox}
      >
        <p>Everything in {where} is deleted for good, read or not. This cannot be undone.</p>
      </Confirm>
    </>
  )
}

const moreLook =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover'
