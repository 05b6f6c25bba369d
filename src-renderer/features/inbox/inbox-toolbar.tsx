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
import { inboxLabels } from './labels.ts'

const everyInbox = '*'

/** The number of messages in the confirmation dialog; null while it is closed. */
const useDeleteAll = create<{ count: number | null }>(() => ({ count: null }))

export async function confirmDeleteAll(): Promise<void> {
  useDeleteAll.setState({ count: await countMatching() })
}

export function InboxToolbar({ onLeaveSearch }: { onLeaveSearch: () => void }) {
  const { counts, query, problem, unreadOnly, rows } = useInbox()
  const isSidebarShown = useInboxSidebar((state) => state.isShown)
  const isFiltered = query !== '' || unreadOnly

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-1 border-line border-b px-2">
        <IconButton
          icon={PanelLeft}
          label={isSidebarShown ? inboxLabels.hideSidebar : inboxLabels.showSidebar}
          shortcut="["
          onClick={toggleInboxSidebar}
        />
        <InboxSearch onLeave={onLeaveSearch} />
        <IconButton
          icon={ListFilter}
          label={inboxLabels.unreadOnly}
          pressed={unreadOnly}
          onClick={() => showUnreadOnly(!unreadOnly)}
        />
        <Menu
          trigger={
            <button type="button" aria-label={inboxLabels.actions} className={menuButtonStyle}>
              <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
            </button>
          }
        >
          <MenuItem icon={BookmarkPlus} disabled={!isFiltered} onSelect={openSaveSearch}>
            {inboxLabels.saveSearch}
          </MenuItem>
          <MenuItem icon={SquareCheck} disabled={rows.length === 0} onSelect={selectLoaded}>
            {inboxLabels.selectAll}
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={CheckCheck}
            disabled={counts.unread === 0}
            onSelect={() => markAll(true).catch(toastFailure)}
          >
            {isFiltered ? inboxLabels.markResultsRead : inboxLabels.markAllRead}
          </MenuItem>
          <MenuItem
            icon={Trash2}
            danger
            disabled={counts.total === 0}
            onSelect={() => confirmDeleteAll().catch(toastFailure)}
          >
            {isFiltered ? inboxLabels.deleteResults : inboxLabels.clearInbox}
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

/** Selects an inbox while the sidebar is hidden. */
function InboxChoice() {
  const { counts, inboxes, inbox, query } = useInbox()
  if (inboxes.length < 2) return null
  return (
    <div className="flex h-10 shrink-0 items-center justify-between border-line border-b pr-3 pl-3">
      <Select
        label={inboxLabels.inbox}
        className="-ml-px h-6! border-transparent! bg-transparent! px-1.5! font-medium shadow-none!"
        value={inbox ?? everyInbox}
        onChange={(value) => chooseInbox(value === everyInbox ? null : value)}
        options={[
          { value: everyInbox, label: inboxLabels.allInboxes },
          ...inboxes.map(({ name }) => ({ value: name, label: name })),
        ]}
      />
      {query === '' && (
        <span className="figures text-ink-faint text-sm">
          {inboxLabels.messageCount(formatCount(counts.total))}
        </span>
      )}
    </div>
  )
}

function ClearConfirm() {
  const count = useDeleteAll((state) => state.count)
  const { inbox, query, unreadOnly } = useInbox()
  return (
    <Confirm
      open={count !== null}
      onClose={() => useDeleteAll.setState({ count: null })}
      title={inboxLabels.deleteTitle(count ?? 0, formatCount(count ?? 0))}
      action={inboxLabels.deleteAll}
      onConfirm={clearInbox}
    >
      <p>{inboxLabels.deleteWarning(query, unreadOnly, inbox)}</p>
    </Confirm>
  )
}

const menuButtonStyle =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover'
