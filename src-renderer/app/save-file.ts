/** Saves bytes as a file: with the desktop's save dialog, or as a browser download. */
export async function saveFile(name: string, content: Blob): Promise<void> {
  if (window.mailsage) {
    await window.mailsage.saveFile(name, new Uint8Array(await content.arrayBuffer()))
    return
  }
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
