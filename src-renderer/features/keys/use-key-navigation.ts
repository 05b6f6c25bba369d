import { Ban, KeyRound, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { type Command, useCommands } from '../../app/commands.ts'
import { go, useRoute } from '../../app/router.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { switchKey } from './key-actions.tsx'
import { setLayout, useKeyList } from './key-list-store.ts'
import { beginTask } from './keys-store.ts'
import { keySearchId } from './keys-toolbar.tsx'
import { keysLabels } from './labels.ts'

/** Moves through the list by keyboard and offers the list's commands; returns the current key id. */
export function useKeyNavigation(shown: readonly Key[]): string | null {
  const openId = useRoute((route) => route.id)
  const [steppedTo, setSteppedTo] = useState<string | null>(null)
  const currentId = openId ?? steppedTo
  const current = shown.find(({ id }) => id === currentId) ?? null

  function step(by: number) {
    const at = shown.findIndex(({ id }) => id === currentId)
    const next = shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]
    if (!next) return
    setSteppedTo(next.id)
    if (openId !== null) go('keys', next.id, true)
    document.querySelector(`[data-key="${next.id}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  const begin = (type: 'edit' | 'rotate' | 'revoke') => {
    if (current && current.source !== 'environment') beginTask({ type, key: current })
  }

  useHotkeys({
    c: () => beginTask({ type: 'create' }),
    j: () => step(1),
    k: () => step(-1),
    arrowdown: () => step(1),
    arrowup: () => step(-1),
    ...(current && openId === null
      ? { enter: (event) => openUnlessOnControl(event, current) }
      : {}),
    e: () => begin('edit'),
    r: () => begin('rotate'),
    '/': () => document.getElementById(keySearchId)?.focus(),
    ...(currentId === null
      ? {}
      : {
          escape: () => {
            setSteppedTo(openId === null ? null : openId)
            go('keys')
          },
        }),
  })
  useEffect(() => {
    if (openId !== null) setSteppedTo(openId)
  }, [openId])
  useCommands(useKeyCommands(current))
  return currentId
}

/** A focused link or button handles Enter itself. */
function openUnlessOnControl(event: KeyboardEvent, key: Key): void {
  const target = event.target instanceof HTMLElement ? event.target : null
  const control = target?.closest<HTMLElement>('a,button')
  if (control) control.click()
  else go('keys', key.id)
}

function useKeyCommands(current: Key | null): readonly Command[] {
  const layout = useKeyList((list) => list.layout)
  return useMemo(() => {
    const other = layout === 'table' ? 'cards' : 'table'
    const group = keysLabels.commands.group
    const general: Command[] = [
      {
        id: 'keys-create',
        label: keysLabels.screen.create,
        group,
        icon: Plus,
        shortcut: 'c',
        run: () => beginTask({ type: 'create' }),
      },
      {
        id: 'keys-layout',
        label: other === 'cards' ? keysLabels.commands.asCards : keysLabels.commands.asTable,
        group,
        icon: KeyRound,
        run: () => setLayout(other),
      },
    ]
    if (!current || current.source === 'environment') return general
    const { name, enabled } = current
    return [
      ...general,
      {
        id: 'keys-edit',
        label: keysLabels.commands.edit(name),
        group,
        icon: Pencil,
        shortcut: 'e',
        run: () => beginTask({ type: 'edit', key: current }),
      },
      {
        id: 'keys-rotate',
        label: keysLabels.commands.rotate(name),
        group,
        icon: RefreshCw,
        shortcut: 'r',
        run: () => beginTask({ type: 'rotate', key: current }),
      },
      {
        id: 'keys-switch',
        label: enabled ? keysLabels.commands.disable(name) : keysLabels.commands.enable(name),
        group,
        icon: Ban,
        run: () => void switchKey(current),
      },
      {
        id: 'keys-revoke',
        label: keysLabels.commands.revoke(name),
        group,
        icon: Trash2,
        keywords: keysLabels.commands.revokeKeywords,
        run: () => beginTask({ type: 'revoke', key: current }),
      },
    ]
  }, [layout, current])
}
