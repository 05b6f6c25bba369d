/** Copies text; true when it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// The clipboard API is missing on plain http beyond loopback, and may be denied in the desktop app.
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
