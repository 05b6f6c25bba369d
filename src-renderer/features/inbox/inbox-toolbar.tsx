import {
  BookmarkPlus,
  CheckCheck,
  Ellipsis,
  ListFilter,
  PanelLeft,
  SquareCheck,
  Trash2,
} from 'lucide-react'
import { create } from 'zustand'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/format.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { clearInbox, markAll } from './inbox-changes.ts'
import { countMatching } from './inbox-counting.ts'
import { openSaveSearch } from './inbox-save-dialog.tsx'
import { InboxSearch } from './inbox-search.tsx'
import { selectLoaded } from './inbox-selection.ts'
import { toggleInboxSidebar, useInboxSidebar } from './inbox-sidebar-state.ts'
import { chooseInbox, showUnreadOnly, useInbox } from './inbox-store.ts'

const everyInbox = '*'

/** How many messages would go, while that is asked; null: nobody asks. */
const useClearing = create<{ count: number | null }>(() => ({ count: null }))

export async function confirmDeleteAll(): Promise<void> {
  useClearing.setState({ count: await countMatching() })
}

export function InboxToolbar({ onLeaveSearch }: { onLeaveSearch: () => void }) {
  const { counts, query, problem, unreadOnly, rows } = useInbox()
  const isSidebarShown = useInboxSidebar((state) => state.isShown)
  const isPart = query !== '' || unreadOnly

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-1 border-line border-b px-2">
        <IconButton
          icon={PanelLeft}
          label={isSidebarShown ? 'Hide places' : 'Show places'}
          shortcut="["
          onClick={toggleInboxSidebar}
        />
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
          <MenuItem icon={BookmarkPlus} disabled={!isPart} onSelect={openSaveSearch}>
            Save this search…
          </MenuItem>
          <MenuItem icon={SquareCheck} disabled={rows.length === 0} onSelect={selectLoaded}>
            Select all
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={CheckCheck}
            disabled={counts.unread === 0}
            onSelect={() => markAll(true).catch(toastFailure)}
          >
            {isPart ? 'Mark all of these read' : 'Mark all read'}
          </MenuItem>
          <MenuItem
            icon={Trash2}
            danger
            disabled={counts.total === 0}
            onSelect={() => confirmDeleteAll().catch(toastFailure)}
          >
            {isPart ? 'Delete all that match…' : 'Clear inbox…'}
          </MenuItem>
        </Menu>
      </div>
      {problem && (
        <p
          role={problem.isUnfinished ? 'note' : 'alert'}
          className={classes(
            'border-line border-b px-3 py-2 text-sm',
            problem.isUnfinished ? 'bg-sunken text-ink-muted' : 'bg-warn-soft text-warn-ink',
          )}
        >
          {problem.message}
        </p>
      )}
      {!isSidebarShown && <InboxChoice />}
      <ClearConfirm />
    </>
  )
}

/** Stands in for the places when they are hidden. */
function InboxChoice() {
  const { counts, inboxes, inbox, query } = useInbox()
  if (inboxes.length < 2) return null
  return (
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
      {query === '' && (
        <span className="figures text-ink-faint text-sm">{formatCount(counts.total)} messages</span>
      )}
    </div>
  )
}

function ClearConfirm() {
  const count = useClearing((state) => state.count)
  const { inbox, query, unreadOnly } = useInbox()
  const where = inbox === null ? 'every inbox' : `the inbox “${inbox}”`
  const what =
    query === ''
      ? unreadOnly
        ? 'Everything unread'
        : 'Everything'
      : `Everything that “${query}” finds`
  return (
    <Confirm
      open={count !== null}
      onClose={() => useClearing.setState({ count: null })}
      title={count === 1 ? 'Delete 1 message?' : `Delete ${formatCount(count ?? 0)} messages?`}
      action="Delete all"
      onConfirm={clearInbox}
    >
      <p>
        {what} in {where} is deleted for good{query === '' && !unreadOnly && ', read or not'}. This
        cannot be undone.
      </p>
    </Confirm>
  )
}

const moreLook =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover'
