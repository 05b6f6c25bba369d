/** Copies text to the clipboard. Returns false when the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// The clipboard API is missing on plain http outside loopback, and the desktop app may deny it.
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  const layer = document.querySelector('[role="dialog"]') ?? document.body
  layer.append(area)
  area.select()
  const worked = document.execCommand('copy')
  area.remove()
  return worked
}
