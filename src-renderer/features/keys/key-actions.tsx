import { Ban, CircleCheck, Ellipsis, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { beginTask, changeKey } from './keys-store.ts'

export function KeyActions({ apiKey }: { apiKey: Key }) {
  const { name, enabled, source } = apiKey
  const isFixed = source === 'environment'
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Actions for ${name}`}
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
        Edit…
      </MenuItem>
      <MenuItem
        icon={RefreshCw}
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'rotate', key: apiKey })}
      >
        Rotate…
      </MenuItem>
      <MenuItem
        icon={enabled ? Ban : CircleCheck}
        disabled={isFixed}
        onSelect={() => switchKey(apiKey)}
      >
        {enabled ? 'Disable' : 'Enable'}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        disabled={isFixed}
        onSelect={() => beginTask({ type: 'revoke', key: apiKey })}
      >
        Revoke…
      </MenuItem>
    </Menu>
  )
}

/** Off or on at once, and back by the toast. */
export async function switchKey(apiKey: Key): Promise<void> {
  const { id, name, enabled } = apiKey
  try {
    await changeKey(apiKey, { enabled: !enabled })
    toast(enabled ? `“${name}” is disabled: its apps get 401` : `“${name}” works again`, {
      id: `switch-${id}`,
      action: { label: 'Undo', run: () => void switchKey({ ...apiKey, enabled: !enabled }) },
    })
  } catch (cause) {
    toastFailure(cause)
  }
}
