import { useLayoutEffect, useRef } from 'react'

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>

export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent)

/**
 * Keys for as long as the component is shown: `j`, `?`, `enter`, `mod+1`. Plain keys keep silent while
 * somebody types or a dialog or menu is open.
 */
export function useHotkeys(hotkeys: Hotkeys, enabled = true): void {
  const latest = useRef(hotkeys)
  // Both before the browser paints: what can be seen answers its keys.
  useLayoutEffect(() => {
    latest.current = hotkeys
  })
  useLayoutEffect(() => {
    if (!enabled) return
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return
      const name = nameOf(event)
      const action = latest.current[name]
      if (!action) return
      if (isLayerOpen() || (!name.startsWith('mod+') && isTyping(event.target))) return
      event.preventDefault()
      action(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [enabled])
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  const isMod = isMac ? event.metaKey : event.ctrlKey
  if (isMod) return `mod+${key}`
  if (event.altKey || event.metaKey || event.ctrlKey) return `other+${key}`
  return event.shiftKey && key.length > 1 ? `shift+${key}` : key
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function isLayerOpen(): boolean {
  return document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null
}

/** The shortcut as the platform writes it. */
export function keyLabel(shortcut: string): readonly string[] {
  const names: Readonly<Record<string, string>> = { mod: isMac ? '⌘' : 'Ctrl' }
  return shortcut.split('+').map((key) => names[key] ?? key)
}
