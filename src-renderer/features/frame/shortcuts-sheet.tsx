import { create } from 'zustand'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { frameLabels, shortcutGroups } from './labels.ts'

const useSheet = create<{ open: boolean }>(() => ({ open: false }))

export function showShortcuts(): void {
  useSheet.setState({ open: true })
}

export function ShortcutsSheet() {
  const open = useSheet((state) => state.open)
  return (
    <Dialog
      open={open}
      onClose={() => useSheet.setState({ open: false })}
      title={frameLabels.shortcuts}
    >
      <DialogBody isText>
        {shortcutGroups.map(({ name, shortcuts }) => (
          <section key={name}>
            <h3 className="mb-1 font-medium text-ink-faint text-sm">{name}</h3>
            <dl>
              {shortcuts.map(({ keys, action }) => (
                <div key={action} className="flex min-h-7 items-center justify-between gap-4">
                  <dt>{action}</dt>
                  <dd className="flex shrink-0 items-center gap-1.5 text-ink-faint">
                    {keys.map((key) => (key === '…' ? key : <Kbd key={key} shortcut={key} />))}
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
