import {
  Building2,
  Cable,
  ChartColumn,
  Inbox,
  KeyRound,
  LayoutTemplate,
  type LucideIcon,
  ScrollText,
  Send,
  Server,
  Settings,
  Webhook,
} from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import { InboxScreen } from '../features/inbox/inbox-screen.tsx'
import { screenGroupNames, screenNames } from './labels.ts'
import type { Screen } from './router.ts'

type Entry = {
  readonly name: string
  readonly icon: LucideIcon
  readonly View: ComponentType
}

/** Name, icon and component of each screen. All but the first are loaded on demand. */
export const screenTable: Readonly<Record<Screen, Entry>> = {
  inbox: { name: screenNames.inbox, icon: Inbox, View: InboxScreen },
  outbox: {
    name: screenNames.outbox,
    icon: Send,
    View: lazy(async () => {
      const { OutboxScreen } = await import('../features/outbox/outbox-screen.tsx')
      return { default: OutboxScreen }
    }),
  },
  connect: {
    name: screenNames.connect,
    icon: Cable,
    View: lazy(async () => {
      const { ConnectScreen } = await import('../features/connect/connect-screen.tsx')
      return { default: ConnectScreen }
    }),
  },
  keys: {
    name: screenNames.keys,
    icon: KeyRound,
    View: lazy(async () => {
      const { KeysScreen } = await import('../features/keys/keys-screen.tsx')
      return { default: KeysScreen }
    }),
  },
  templates: {
    name: screenNames.templates,
    icon: LayoutTemplate,
    View: lazy(async () => {
      const { TemplatesScreen } = await import('../features/templates/templates-screen.tsx')
      return { default: TemplatesScreen }
    }),
  },
  webhooks: {
    name: screenNames.webhooks,
    icon: Webhook,
    View: lazy(async () => {
      const { WebhooksScreen } = await import('../features/webhooks/webhooks-screen.tsx')
      return { default: WebhooksScreen }
    }),
  },
  usage: {
    name: screenNames.usage,
    icon: ChartColumn,
    View: lazy(async () => {
      const { UsageScreen } = await import('../features/usage/usage-screen.tsx')
      return { default: UsageScreen }
    }),
  },
  logs: {
    name: screenNames.logs,
    icon: ScrollText,
    View: lazy(async () => {
      const { LogsScreen } = await import('../features/logs/logs-screen.tsx')
      return { default: LogsScreen }
    }),
  },
  relays: {
    name: screenNames.relays,
    icon: Server,
    View: lazy(async () => {
      const { RelaysScreen } = await import('../features/relays/relays-screen.tsx')
      return { default: RelaysScreen }
    }),
  },
  tenants: {
    name: screenNames.tenants,
    icon: Building2,
    View: lazy(async () => {
      const { TenantsScreen } = await import('../features/tenants/tenants-screen.tsx')
      return { default: TenantsScreen }
    }),
  },
  settings: {
    name: screenNames.settings,
    icon: Settings,
    View: lazy(async () => {
      const { SettingsScreen } = await import('../features/settings/settings-screen.tsx')
      return { default: SettingsScreen }
    }),
  },
}

/** The groups of the sidebar. */
export const screenGroups: readonly {
  readonly name: string
  readonly screens: readonly Screen[]
}[] = [
  { name: screenGroupNames.mail, screens: ['inbox', 'outbox'] },
  { name: screenGroupNames.build, screens: ['connect', 'keys', 'templates', 'webhooks'] },
  { name: screenGroupNames.monitor, screens: ['usage', 'logs'] },
  { name: screenGroupNames.deliver, screens: ['relays', 'tenants'] },
  { name: screenGroupNames.mailsage, screens: ['settings'] },
]

/** `mod+1` to `mod+9` for the first nine screens, and the customary `mod+,` for the settings. */
export function screenShortcut(screen: Screen): string | undefined {
  if (screen === 'settings') return 'mod+,'
  const at = screenGroups.flatMap((group) => group.screens).indexOf(screen)
  return at >= 0 && at < 9 ? `mod+${at + 1}` : undefined
}
