import { homedir } from 'node:os'
import { join } from 'node:path'

/** The data folder of this user, unless a setting names another. */
export function defaultFolder(): string {
  const home = homedir()
  switch (process.platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'MailSage')
    case 'win32':
      return join(process.env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'MailSage')
    default:
      return join(process.env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'mailsage')
  }
}
