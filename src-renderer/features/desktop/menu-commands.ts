import type { Command } from '../../../src-main/electron/bridge.ts'
import { go, type Screen } from '../../app/router.ts'

/** The type requires a command for every screen and a screen for every such command. */
const screenOf = {
  'go-inbox': 'inbox',
  'go-outbox': 'outbox',
  'go-connect': 'connect',
  'go-keys': 'keys',
  'go-templates': 'templates',
  'go-webhooks': 'webhooks',
  'go-usage': 'usage',
  'go-logs': 'logs',
  'go-relays': 'relays',
  'go-tenants': 'tenants',
  'go-settings': 'settings',
} as const satisfies { readonly [S in Screen as `go-${S}`]: S } & Record<
  Extract<Command, `go-${string}`>,
  Screen
>

type Actions = {
  readonly palette: () => void
  readonly search: () => void
  readonly import: () => void
  readonly preferences: () => void
  readonly 'connect-server': () => void
}

/** Runs a command of the desktop menu. */
export function runMenuCommand(command: Command, actions: Actions): void {
  if (isScreenCommand(command)) go(screenOf[command])
  else actions[command]()
}

const isScreenCommand = (command: Command): command is keyof typeof screenOf => command in screenOf
