import { type BrowserWindow, dialog, shell } from 'electron'
import { linkKind } from '../contract/link-schemes.ts'

let asking = false

/** Shows the whole address and asks before the browser opens it, since mail may link anywhere. */
export async function askToOpen(window: BrowserWindow, address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (asking || !url || linkKind(url.href) !== 'live') return
  asking = true
  try {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: question(url.protocol),
      detail: url.href.length > 500 ? `${url.href.slice(0, 500)}…` : url.href,
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    })
    if (response === 0) await shell.openExternal(url.href)
  } finally {
    asking = false
  }
}

function question(protocol: string): string {
  if (protocol === 'mailto:') return 'Write to this address?'
  return protocol.startsWith('http')
    ? 'Open this link in your browser?'
    : 'Open this link in another program?'
}
