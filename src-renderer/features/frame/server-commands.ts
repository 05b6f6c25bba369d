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
import { frameLabels } from './labels.ts'

/** The commands of the server switcher, for the palette. */
export function useServerCommands(): void {
  const connection = useRemoteServers((state) => state.connection)
  const others = useRemoteServers((state) => state.others)
  useCommands(
    useMemo(
      () => (window.mailsage ? serverCommands({ connection, others }) : []),
      [connection, others],
    ),
  )
}

function serverCommands({ connection, others }: ServerList): Command[] {
  const group = frameLabels.server
  const shown = connection.at === 'local' ? null : connection.server.id
  const local: Command = {
    id: 'server local',
    label: frameLabels.switchToThisComputer,
    group,
    icon: Monitor,
    keywords: 'server local back',
    run: () => switchServer(null),
  }
  const remotes = others
    .filter(({ id }) => id !== shown)
    .map(
      ({ id, name, host }): Command => ({
        id: `server ${id}`,
        label: frameLabels.switchTo(name),
        group,
        icon: Server,
        keywords: `server remote team ${host}`,
        run: () => switchServer(id),
      }),
    )
  const switches = shown === null ? remotes : [local, ...remotes]
  if (showsRemoteServer({ connection })) return switches
  return [
    ...switches,
    {
      id: 'server connect',
      label: frameLabels.connectServer,
      group,
      icon: Plus,
      keywords: 'team server remote address',
      run: showConnectServer,
    },
    ...others.map(
      ({ id, name }): Command => ({
        id: `server remove ${id}`,
        label: frameLabels.removeServerCommand(name),
        group,
        icon: Unplug,
        keywords: 'server forget disconnect',
        run: () => removeServer(id),
      }),
    ),
  ]
}
