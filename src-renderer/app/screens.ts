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
import type { Screen } from './router.ts'

type Entry = {
  readonly name: string
  readonly icon: LucideIcon
  readonly View: ComponentType
}

/** Every screen: its name, its icon and what draws it. All but the first are loaded when visited. */
export const screenTable: Readonly<Record<Screen, Entry>> = {
  inbox: { name: 'Inbox', icon: Inbox, View: InboxScreen },
  outbox: {
    name: 'Outbox',
    icon: Send,
    View: lazy(async () => {
      const { OutboxScreen } = await import('../features/outbox/outbox-screen.tsx')
      return { default: OutboxScreen }
    }),
  },
  connect: {
    name: 'Connect',
    icon: Cable,
    View: lazy(async () => {
      const { ConnectScreen } = await import('../features/connect/connect-screen.tsx')
      return { default: ConnectScreen }
    }),
  },
  keys: {
    name: 'Keys',
    icon: KeyRound,
    View: lazy(async () => {
      const { KeysScreen } = await import('../features/keys/keys-screen.tsx')
      return { default: KeysScreen }
    }),
  },
  templates: {
    name: 'Templates',
    icon: LayoutTemplate,
    View: lazy(async () => {
      const { TemplatesScreen } = await import('../features/templates/templates-screen.tsx')
      return { default: TemplatesScreen }
    }),
  },
  webhooks: {
    name: 'Webhooks',
    icon: Webhook,
    View: lazy(async () => {
      const { WebhooksScreen } = await import('../features/webhooks/webhooks-screen.tsx')
      return { default: WebhooksScreen }
    }),
  },
  usage: {
    name: 'Usage',
    icon: ChartColumn,
    View: lazy(async () => {
      const { UsageScreen } = await import('../features/usage/usage-screen.tsx')
      return { default: UsageScreen }
    }),
  },
  logs: {
    name: 'Logs',
    icon: ScrollText,
    View: lazy(async () => {
      const { LogsScreen } = await import('../features/logs/logs-screen.tsx')
      return { default: LogsScreen }
    }),
  },
  relays: {
    name: 'Relays',
    icon: Server,
    View: lazy(async () => {
      const { RelaysScreen } = await import('../features/relays/relays-screen.tsx')
      return { default: RelaysScreen }
    }),
  },
  tenants: {
    name: 'Tenants',
    icon: Building2,
    View: lazy(async () => {
      const { TenantsScreen } = await import('../features/tenants/tenants-screen.tsx')
      return { default: TenantsScreen }
    }),
  },
  settings: {
    name: 'Settings',
    icon: Settings,
    View: lazy(async () => {
      const { SettingsScreen } = await import('../features/settings/settings-screen.tsx')
      return { default: SettingsScreen }
    }),
  },
}

/** How the sidebar groups them. */
export const screenGroups: readonly {
  readonly name: string
  readonly screens: readonly Screen[]
}[] = [
  { name: 'Mail', screens: ['inbox', 'outbox'] },
  { name: 'Build', screens: ['connect', 'keys', 'templates', 'webhooks'] },
  { name: 'Watch', screens: ['usage', 'logs'] },
  { name: 'Deliver', screens: ['relays', 'tenants'] },
  { name: 'MailSage', screens: ['settings'] },
]

/** `mod+1` to `mod+9`, for the first nine; settings have what they have everywhere. */
export function screenShortcut(screen: Screen): string | undefined {
  if (screen === 'settings') return 'mod+,'
  const at = screenGroups.flatMap((group) => group.screens).indexOf(screen)
  return at >= 0 && at < 9 ? `mod+${at + 1}` : undefined
}
