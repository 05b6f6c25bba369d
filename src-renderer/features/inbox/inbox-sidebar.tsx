import {
  Bookmark,
  CircleDot,
  Ellipsis,
  Inbox,
  type LucideIcon,
  Mails,
  Pencil,
  Tag,
  Trash2,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { SavedSearch } from '../../../src-main/contract/messages.ts'
import { classes } from '../../ui/classes.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { openRenameSearch } from './inbox-save-dialog.tsx'
import { showView, useInbox } from './inbox-store.ts'
import { deleteSearch, tagQuery, useViews } from './inbox-views.ts'
import { inboxLabels } from './labels.ts'

const maxTags = 60

/** Navigation by inbox, saved search and tag. */
export function InboxSidebar() {
  const { inboxes, inbox, query, unreadOnly, unreadEverywhere } = useInbox()
  const { tags, searches } = useViews()
  const saved = searches.find((search) => search.query === query && inbox === null && !unreadOnly)
  const hasNoQuery = query === ''
  return (
    <nav
      aria-label={inboxLabels.sidebar}
      className="flex h-full flex-col gap-4 overflow-y-auto overflow-x-hidden px-2 pt-3 pb-4"
    >
      <ul className="flex flex-col gap-0.5">
        <SidebarItem
          icon={Mails}
          name={inboxLabels.allMail}
          isCurrent={hasNoQuery && inbox === null && !unreadOnly}
          onOpen={() => showView({})}
        />
        <SidebarItem
          icon={CircleDot}
          name={inboxLabels.unread}
          count={unreadEverywhere}
          isCurrent={hasNoQuery && inbox === null && unreadOnly}
          onOpen={() => showView({ unreadOnly: true })}
        />
      </ul>
      <Group title={inboxLabels.inboxes}>
        {inboxes.map(({ name, unread }) => (
          <SidebarItem
            key={name}
            icon={Inbox}
            name={name}
            count={unread}
            unit={inboxLabels.unreadUnit}
            isCurrent={hasNoQuery && inbox === name}
            onOpen={() => showView({ inbox: name })}
          />
        ))}
      </Group>
      <Group title={inboxLabels.savedSearches}>
        {searches.map((search) => (
          <SidebarItem
            key={search.id}
            icon={Bookmark}
            name={search.name}
            title={search.query}
            isCurrent={saved?.id === search.id}
            onOpen={() => showView({ text: search.query })}
          >
            <SearchMenu search={search} />
          </SidebarItem>
        ))}
      </Group>
      <Group title={inboxLabels.tags}>
        {tags.slice(0, maxTags).map(({ name, total }) => (
          <SidebarItem
            key={name}
            icon={Tag}
            name={name}
            count={total}
            unit={inboxLabels.messagesUnit}
            isCurrent={query === tagQuery(name) && inbox === null}
            onOpen={() => showView({ text: tagQuery(name) })}
          />
        ))}
        {tags.length > maxTags && (
          <li className="px-2 text-ink-faint text-sm">
            {inboxLabels.moreTags(formatCount(tags.length - maxTags))}
          </li>
        )}
      </Group>
    </nav>
  )
}

function Group({ title, children }: { title: string; children: readonly ReactNode[] }) {
  if (children.flat().filter(Boolean).length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className="mb-1 px-2 font-medium text-ink-faint text-xs">{title}</h2>
      <ul className="flex flex-col gap-0.5">{children}</ul>
    </section>
  )
}

type SidebarItemProps = {
  icon: LucideIcon
  name: string
  title?: string
  count?: number
  unit?: string
  isCurrent: boolean
  onOpen: () => void
  children?: ReactNode
}

function SidebarItem({
  icon,
  name,
  title,
  count = 0,
  unit,
  isCurrent,
  onOpen,
  children,
}: SidebarItemProps) {
  return (
    <li className="group/item relative">
      <button
        type="button"
        title={title ?? name}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={onOpen}
        className={classes(
          'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left transition-colors focus-visible:-outline-offset-2',
          isCurrent ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
        )}
      >
        <Icon of={icon} size={14} className={classes('shrink-0', isCurrent && 'text-sage-ink')} />
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {name}
        </span>
        {count > 0 && (
          <span className="figures shrink-0 text-ink-faint text-xs">
            {formatCount(count)}
            {unit && <span className="sr-only">{unit}</span>}
          </span>
        )}
      </button>
      {children}
    </li>
  )
}

function SearchMenu({ search }: { search: SavedSearch }) {
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={inboxLabels.searchActions(search.name)}
          className="absolute top-1 right-1 flex size-5 items-center justify-center rounded-sm bg-hover text-ink-muted opacity-0 hover:text-ink focus-visible:opacity-100 group-hover/item:opacity-100 data-[state=open]:opacity-100"
        >
          <Icon of={Ellipsis} size={14} />
        </button>
      }
    >
      <MenuItem icon={Pencil} onSelect={() => openRenameSearch(search)}>
        {inboxLabels.rename}
      </MenuItem>
      <MenuItem icon={Trash2} danger onSelect={() => deleteSearch(search).catch(toastFailure)}>
        {inboxLabels.delete}
      </MenuItem>
    </Menu>
  )
}
