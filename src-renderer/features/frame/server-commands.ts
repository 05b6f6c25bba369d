import { Monitor, Plus, Server, Unplug } from 'lucide-react'
import { useMemo } from 'react'
import type { Relays } from '../../../src-main/electron/bridge.ts'
import { type Command, useCommands } from '../../app/commands.ts'
import {
  forgetRelay,
  isElsewhere,
  showConnectRelay,
  switchRelay,
  useOtherRelays,
} from '../../app/remote-servers.ts'

/** What the switcher does, in the command palette. */
export function useRelayCommands(): void {
  const way = useOtherRelays((state) => state.way)
  const others = useOtherRelays((state) => state.others)
  useCommands(useMemo(() => (window.mailsage ? relayCommands({ way, others }) : []), [way, others]))
}

function relayCommands({ way, others }: Relays): Command[] {
  const group = 'Relay'
  const shown = way.at === 'here' ? null : way.relay.id
  const home: Command = {
    id: 'relay here',
    label: 'Switch to this computer',
    group,
    icon: Monitor,
    keywords: 'relay local back',
    run: () => switchRelay(null),
  }
  const visits = others
    .filter(({ id }) => id !== shown)
    .map(
      ({ id, name, host }): Command => ({
        id: `relay ${id}`,
        label: `Switch to ${name}`,
        group,
        icon: Server,
        keywords: `relay server team ${host}`,
        run: () => switchRelay(id),
      }),
    )
  const switches = shown === null ? visits : [home, ...visits]
  if (isElsewhere({ way })) return switches
  return [
    ...switches,
    {
      id: 'relay connect',
      label: 'Connect to another relay…',
      group,
      icon: Plus,
      keywords: 'team server remote address',
      run: showConnectRelay,
    },
    ...others.map(
      ({ id, name }): Command => ({
        id: `relay forget ${id}`,
        label: `Forget ${name}…`,
        group,
        icon: Unplug,
        keywords: 'relay remove disconnect',
        run: () => forgetRelay(id),
      }),
    ),
  ]
}
