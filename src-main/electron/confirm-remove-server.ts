import { type BrowserWindow, dialog } from 'electron'
import { type RemoteServer, titleOf } from './remote-servers.ts'

/** Asks first, since the key cannot be recovered. */
export async function confirmRemoveServer(
  window: BrowserWindow,
  server: RemoteServer,
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Remove ${titleOf(server)}?`,
    detail:
      'This computer deletes the address and the key. The server itself and its mail stay as they are.',
    buttons: ['Remove', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}
