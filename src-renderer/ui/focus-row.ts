/** A virtual list renders a row within this many frames of scrolling to it. */
const maxFrames = 10

let wanted: string | null = null

/**
 * Focuses the row with this `data-row` value: at once when it is rendered, so that the next key press
 * reaches it, otherwise as soon as the list renders it.
 */
export function focusRow(name: string): void {
  wanted = name
  tryFocus(name, maxFrames)
}

function tryFocus(name: string, framesLeft: number): void {
  // A later call wins.
  if (wanted !== name) return
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(name)}"]`)
  if (row) {
    row.focus({ preventScroll: true })
    // `focus()` alone would centre a row that is out of view.
    row.scrollIntoView({ block: 'nearest' })
  } else if (framesLeft > 0) requestAnimationFrame(() => tryFocus(name, framesLeft - 1))
}
