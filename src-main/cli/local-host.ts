import { hostname } from 'node:os'
import { isDomain } from '../contract/addresses.ts'

/** The domain of this machine's users: its host name, if that is valid in an address. */
export function localHost(): string {
  const name = hostname()
  return isDomain(name) ? name : 'localhost.localdomain'
}

/** The address of the user who runs the command line. */
export function localUser(env: NodeJS.ProcessEnv): string {
  return `${env.LOGNAME || env.USER || env.USERNAME || 'mailsage'}@${localHost()}`
}
