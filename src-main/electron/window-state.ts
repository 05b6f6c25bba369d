import { readFileSync } from 'node:fs'
import { type BrowserWindow, type Rectangle, screen } from 'electron'
import { z } from 'zod'
import { writeDurably } from '../base/durable-file.ts'

const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
})
type WindowState = z.infer<typeof WindowState>

/** The last position of the window, if it is still on a screen. */
export function readWindowState(file: string): WindowState | null {
  try {
    const state = WindowState.parse(JSON.parse(readFileSync(file, 'utf8')))
    return isVisible(state) ? state : null
  } catch {
    // No file yet, or an edited one: use the default position.
    return null
  }
}

export function rememberWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeDurably(file, JSON.stringify(state))
    } catch {
      // On a full disk the next window opens at the default position.
    }
  })
}

function isVisible(bounds: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching(bounds)
  const overlapX =
    Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x)
  const overlapY =
    Math.min(bounds.y + bounds.height, workArea.y + workArea.height) -
    Math.max(bounds.y, workArea.y)
  return overlapX > 100 && overlapY > 50
}
