import { Monitor, Plus, Server, Unplug } from 'lucide-react'
import { useMemo } from 'react'
import type { ServerList } from '../../../src-main/electron/bridge.ts'
import { type Command, useCommands } from '../../app/commands.ts'
import {
  removeServer,
  showConnectServer,
  showsRemoteServer,
  switchServer,
  useRemoteServers,
} from '../../app/remote-servers.ts'

/** What the switcher does, in the command palette. */
export function useServerCommands(): void {
  const way = useRemoteServers((state) => state.way)
  const others = useRemoteServers((state) => state.others)
  useCommands(
    useMemo(() => (window.mailsage ? serverCommands({ way, others }) : []), [way, others]),
  )
}

function serverCommands({ way, others }: ServerList): Command[] {
  const group = 'Relay'
  const shown = way.at === 'here' ? null : way.server.id
  const home: Command = {
    id: 'relay here',
    label: 'Switch to this computer',
    group,
    icon: Monitor,
    keywords: 'relay local back',
    run: () => switchServer(null),
  }
  const visits = others
    .filter(({ id }) => id !== shown)
    .map(
      ({ id, name, host }): Command => ({
        id: `server ${id}`,
        label: `Switch to ${name}`,
        group,
        icon: Server,
        keywords: `server remote team ${host}`,
        run: () => switchServer(id),
      }),
    )
  const switches = shown === null ? visits : [home, ...visits]
  if (showsRemoteServer({ way })) return switches
  return [
    ...switches,
    {
      id: 'relay connect',
      label: 'Connect to another server…',
      group,
      icon: Plus,
      keywords: 'team server remote address',
      run: showConnectServer,
    },
    ...others.map(
      ({ id, name }): Command => ({
        id: `server forget ${id}`,
        label: `Forget ${name}…`,
        group,
        icon: Unplug,
        keywords: 'relay remove disconnect',
        run: () => removeServer(id),
      }),
    ),
  ]
}
