import {
  Bookmark,
  BookmarkPlus,
  CheckCheck,
  CircleDot,
  Inbox,
  Mails,
  PanelLeft,
  Search,
  SquareCheck,
  Tag,
  Trash2,
} from 'lucide-react'
import { type Command, provideCommands, useCommands } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { markAll } from './inbox-changes.ts'
import { openSaveSearch } from './inbox-save-dialog.tsx'
import { focusSearch } from './inbox-search.tsx'
import { selectLoaded } from './inbox-selection.ts'
import { toggleInboxSidebar } from './inbox-sidebar-state.ts'
import { showView, useInbox } from './inbox-store.ts'
import { openTagging } from './inbox-tagging.ts'
import { confirmDeleteAll } from './inbox-toolbar.tsx'
import { tagQuery, useViews } from './inbox-views.ts'

const group = 'Inbox'
const maxTags = 30

const actions: readonly Command[] = [
  {
    id: 'inbox-search',
    group,
    label: 'Search messages',
    icon: Search,
    shortcut: '/',
    run: focusSearch,
  },
  {
    id: 'inbox-save-search',
    group,
    label: 'Save this search…',
    icon: BookmarkPlus,
    run: openSaveSearch,
  },
  { id: 'inbox-tag', group, label: 'Tag…', icon: Tag, shortcut: 't', run: openTagging },
  {
    id: 'inbox-select-all',
    group,
    label: 'Select all messages',
    icon: SquareCheck,
    shortcut: 'mod+a',
    run: selectLoaded,
  },
  {
    id: 'inbox-mark-all-read',
    group,
    label: 'Mark all read',
    icon: CheckCheck,
    run: () => void markAll(true).catch(toastFailure),
  },
  {
    id: 'inbox-delete-all',
    group,
    label: 'Delete all that the list shows…',
    icon: Trash2,
    keywords: 'clear empty',
    run: () => void confirmDeleteAll().catch(toastFailure),
  },
  {
    id: 'inbox-places',
    group,
    label: 'Show or hide places',
    icon: PanelLeft,
    shortcut: '[',
    run: toggleInboxSidebar,
  },
]

export function useInboxCommands(): void {
  useCommands(actions)
}

type View = Parameters<typeof showView>[0]

function open(view: View): () => void {
  return () => {
    go('inbox')
    showView(view)
  }
}

/** The places of the mail can be gone to from every screen. */
function placeCommands(): Command[] {
  const { tags, searches } = useViews.getState()
  const { inboxes } = useInbox.getState()
  const place = 'Mail'
  return [
    { id: 'mail-all', group: place, label: 'All mail', icon: Mails, run: open({}) },
    {
      id: 'mail-unread',
      group: place,
      label: 'Unread mail',
      icon: CircleDot,
      run: open({ unreadOnly: true }),
    },
    ...inboxes.map(({ name }) => ({
      id: `mail-inbox-${name}`,
      group: place,
      label: `Inbox ${name}`,
      icon: Inbox,
      run: open({ inbox: name }),
    })),
    ...searches.map(({ id, name, query }) => ({
      id: `mail-${id}`,
      group: place,
      label: name,
      keywords: `saved search ${query}`,
      icon: Bookmark,
      run: open({ text: query }),
    })),
    ...tags.slice(0, maxTags).map(({ name }) => ({
      id: `mail-tag-${name}`,
      group: place,
      label: `Tag ${name}`,
      icon: Tag,
      run: open({ text: tagQuery(name) }),
    })),
  ]
}

let withdraw = provideCommands(placeCommands())

function offerAnew(): void {
  withdraw()
  withdraw = provideCommands(placeCommands())
}

useViews.subscribe((now, before) => {
  if (now.tags !== before.tags || now.searches !== before.searches) offerAnew()
})
useInbox.subscribe((now, before) => {
  const isSame =
    now.inboxes.length === before.inboxes.length &&
    now.inboxes.every(({ name }, index) => name === before.inboxes[index]?.name)
  if (!isSame) offerAnew()
})
