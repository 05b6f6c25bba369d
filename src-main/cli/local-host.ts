import { hostname, userInfo } from 'node:os'
import { isDomain } from '../contract/addresses.ts'

/** The domain of this machine's users: its host name, if that is valid in an address. */
export function localHost(): string {
  const name = hostname()
  return isDomain(name) ? name : 'localhost.localdomain'
}

/** The address of the user who runs the command line. */
export function localUser(env: NodeJS.ProcessEnv): string {
  return `${env.LOGNAME || env.USER || env.USERNAME || accountName()}@${localHost()}`
}

/** The name of the user id; an id without an account, as in a container, has none. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return 'mailsage'
  }
}
