import { useLayoutEffect, useRef } from 'react'

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>

export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent)

/**
 * Keyboard shortcuts while the component is mounted: `j`, `?`, `enter`, `mod+1`. Keys without `mod` are
 * ignored in text fields, and all keys while a dialog or menu is open.
 */
export function useHotkeys(hotkeys: Hotkeys, enabled = true): void {
  const latest = useRef(hotkeys)
  // Layout effects: a component must handle its keys as soon as it is painted.
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

/** The keys of a shortcut, named as on this platform. */
export function keyLabel(shortcut: string): readonly string[] {
  const names: Readonly<Record<string, string>> = { mod: isMac ? '⌘' : 'Ctrl' }
  return shortcut.split('+').map((key) => names[key] ?? key)
}
