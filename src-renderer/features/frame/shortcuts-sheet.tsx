import { create } from 'zustand'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'

const useSheet = create<{ open: boolean }>(() => ({ open: false }))

export function showShortcuts(): void {
  useSheet.setState({ open: true })
}

const groups = [
  {
    name: 'Everywhere',
    shortcuts: [
      ['mod+k', 'Search everything, do anything'],
      ['mod+1', 'Inbox; mod+2 to mod+9 the screens below it'],
      ['mod+,', 'Settings'],
      ['?', 'This sheet'],
    ],
  },
  {
    name: 'Inbox',
    shortcuts: [
      ['/', 'Search'],
      ['j', 'Next message'],
      ['k', 'Previous message'],
      ['Enter', 'Open message'],
      ['x', 'Select; Shift+j and Shift+k select along'],
      ['mod+a', 'Select all'],
      ['t', 'Tag'],
      ['u', 'Mark read or unread'],
      ['e', 'Export what is selected'],
      ['Delete', 'Delete, with undo'],
      ['[', 'Show or hide places'],
      ['Esc', 'Clear selection, close message, clear search'],
    ],
  },
  {
    name: 'Message',
    shortcuts: [
      ['1', 'HTML; 2 to 8 the parts beside it'],
      ['c', 'Copy the one-time code'],
      ['l', 'Open the main link'],
      ['r', 'Release to real recipients'],
      ['mod+f', 'Search in the source'],
    ],
  },
  {
    name: 'Outbox',
    shortcuts: [
      ['x', 'Select the message'],
      ['r', 'Retry what is selected or open'],
    ],
  },
  { name: 'Connect', shortcuts: [['j', 'Next language; k the one before']] },
  {
    name: 'Keys',
    shortcuts: [
      ['c', 'Create a key'],
      ['j', 'Next key; k the one before'],
      ['Enter', 'Open key; Esc closes it'],
      ['e', 'Edit'],
      ['r', 'Rotate'],
    ],
  },
  {
    name: 'Templates',
    shortcuts: [
      ['c', 'Create a template'],
      ['/', 'Search'],
      ['mod+s', 'Save as a new version'],
    ],
  },
  {
    name: 'Relays',
    shortcuts: [
      ['c', 'Add a relay'],
      ['j', 'Next relay'],
      ['k', 'Previous relay'],
      ['Alt+↑', 'Move the relay up'],
      ['Alt+↓', 'Move the relay down'],
    ],
  },
  { name: 'Tenants', shortcuts: [['c', 'Create a tenant']] },
  { name: 'Usage', shortcuts: [['Esc', 'Back from zooming in, then from a key']] },
  {
    name: 'Logs',
    shortcuts: [
      ['/', 'Filter'],
      ['Space', 'Pause or resume'],
      ['j', 'Next entry, k the one before'],
      ['Enter', 'Open entry'],
      ['Esc', 'Close entry, clear filters'],
    ],
  },
  {
    name: 'Webhooks',
    shortcuts: [
      ['c', 'Add a webhook'],
      ['r', 'Replay a delivery'],
    ],
  },
] as const

export function ShortcutsSheet() {
  const open = useSheet((state) => state.open)
  return (
    <Dialog
      open={open}
      onClose={() => useSheet.setState({ open: false })}
      title="Keyboard shortcuts"
    >
      <DialogBody isText>
        {groups.map(({ name, shortcuts }) => (
          <section key={name}>
            <h3 className="mb-1 font-medium text-ink-faint text-sm">{name}</h3>
            <dl>
              {shortcuts.map(([shortcut, meaning]) => (
                <div key={shortcut} className="flex h-7 items-center justify-between">
                  <dt>{meaning}</dt>
                  <dd>
                    <Kbd shortcut={shortcut} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  )
}
