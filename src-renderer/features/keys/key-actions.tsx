import { Ban, CircleCheck, Ellipsis, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { beginTask, changeKey } from './keys-store.ts'
import { keysLabels } from './labels.ts'

export function KeyActions({ apiKey }: { apiKey: Key }) {
  const { name, enabled, source } = apiKey
  const isFixed = source === 'environment'
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={keysLabels.actions.menu(name)}
          className="inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink data-[state=open]:bg-line"
        >
          <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
        </button>
      }
    >
      <MenuItem
        icon={Pencil}
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'edit', key: apiKey })}
      >
        {keysLabels.actions.editMenu}
      </MenuItem>
      <MenuItem
        icon={RefreshCw}
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'rotate', key: apiKey })}
      >
        {keysLabels.actions.rotateMenu}
      </MenuItem>
      <MenuItem
        icon={enabled ? Ban : CircleCheck}
        disabled={isFixed}
        onSelect={() => switchKey(apiKey)}
      >
        {enabled ? keysLabels.actions.disable : keysLabels.actions.enable}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'revoke', key: apiKey })}
      >
        {keysLabels.actions.revokeMenu}
      </MenuItem>
    </Menu>
  )
}

/** Disables or enables a key at once; the toast can undo it. */
export async function switchKey(apiKey: Key): Promise<void> {
  const { id, name, enabled } = apiKey
  try {
    await changeKey(apiKey, { enabled: !enabled })
    toast(enabled ? keysLabels.actions.nowDisabled(name) : keysLabels.actions.nowEnabled(name), {
      id: `switch-${id}`,
      action: {
        label: keysLabels.actions.undo,
        run: () => void switchKey({ ...apiKey, enabled: !enabled }),
      },
    })
  } catch (cause) {
    toastFailure(cause)
  }
}
