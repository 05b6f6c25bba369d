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
import { inboxLabels } from './labels.ts'

const group = inboxLabels.inbox
const maxTags = 30

const actions: readonly Command[] = [
  {
    id: 'inbox-search',
    group,
    label: inboxLabels.searchMessages,
    icon: Search,
    shortcut: '/',
    run: focusSearch,
  },
  {
    id: 'inbox-save-search',
    group,
    label: inboxLabels.commands.saveSearch,
    icon: BookmarkPlus,
    run: openSaveSearch,
  },
  {
    id: 'inbox-tag',
    group,
    label: inboxLabels.commands.tag,
    icon: Tag,
    shortcut: 't',
    run: openTagging,
  },
  {
    id: 'inbox-select-all',
    group,
    label: inboxLabels.commands.selectAll,
    icon: SquareCheck,
    shortcut: 'mod+a',
    run: selectLoaded,
  },
  {
    id: 'inbox-mark-all-read',
    group,
    label: inboxLabels.markAllRead,
    icon: CheckCheck,
    run: () => void markAll(true).catch(toastFailure),
  },
  {
    id: 'inbox-delete-all',
    group,
    label: inboxLabels.commands.deleteAll,
    icon: Trash2,
    keywords: 'clear empty',
    run: () => void confirmDeleteAll().catch(toastFailure),
  },
  {
    id: 'inbox-sidebar',
    group,
    label: inboxLabels.toggleSidebar,
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

/** Commands that open a part of the mail, available on every screen. */
function navigationCommands(): Command[] {
  const { tags, searches } = useViews.getState()
  const { inboxes } = useInbox.getState()
  const mail = inboxLabels.commands.mailGroup
  return [
    { id: 'mail-all', group: mail, label: inboxLabels.allMail, icon: Mails, run: open({}) },
    {
      id: 'mail-unread',
      group: mail,
      label: inboxLabels.commands.unreadMail,
      icon: CircleDot,
      run: open({ unreadOnly: true }),
    },
    ...inboxes.map(({ name }) => ({
      id: `mail-inbox-${name}`,
      group: mail,
      label: inboxLabels.commands.inbox(name),
      icon: Inbox,
      run: open({ inbox: name }),
    })),
    ...searches.map(({ id, name, query }) => ({
      id: `mail-${id}`,
      group: mail,
      label: name,
      keywords: `saved search ${query}`,
      icon: Bookmark,
      run: open({ text: query }),
    })),
    ...tags.slice(0, maxTags).map(({ name }) => ({
      id: `mail-tag-${name}`,
      group: mail,
      label: inboxLabels.commands.tagged(name),
      icon: Tag,
      run: open({ text: tagQuery(name) }),
    })),
  ]
}

let removeCommands = provideCommands(navigationCommands())

function updateCommands(): void {
  removeCommands()
  removeCommands = provideCommands(navigationCommands())
}

useViews.subscribe((now, before) => {
  if (now.tags !== before.tags || now.searches !== before.searches) updateCommands()
})
useInbox.subscribe((now, before) => {
  const isSame =
    now.inboxes.length === before.inboxes.length &&
    now.inboxes.every(({ name }, index) => name === before.inboxes[index]?.name)
  if (!isSame) updateCommands()
})
