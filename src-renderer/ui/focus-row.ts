/** A list that scrolls to a row has it drawn within this many frames, or it is not there. */
const maxFrames = 10

let wanted: string | null = null

/**
 * Moves the keyboard to the row marked `data-row` with this name: at once where it is drawn, so
 * that the next key finds it, else as soon as it is.
 */
export function focusRow(name: string): void {
  wanted = name
  tryFocus(name, maxFrames)
}

function tryFocus(name: string, framesLeft: number): void {
  // Whoever moved on in the meantime is not pulled back.
  if (wanted !== name) return
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(name)}"]`)
  if (row) {
    row.focus({ preventScroll: true })
    // By itself, focus would put a row that is out of sight in the middle.
    row.scrollIntoView({ block: 'nearest' })
  } else if (framesLeft > 0) requestAnimationFrame(() => tryFocus(name, framesLeft - 1))
}
