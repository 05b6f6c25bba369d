import { ChevronsUpDown, Monitor, Plus, Server, Unplug } from 'lucide-react'
import { useState } from 'react'
import {
  removeServer,
  showConnectServer,
  showsRemoteServer,
  switchServer,
  useRemoteServers,
} from '../../app/remote-servers.ts'
import { BrandMark } from '../../ui/brand.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoices, MenuItem, MenuLine, Submenu } from '../../ui/menu.tsx'
import { frameLabels } from './labels.ts'

const localValue = 'local'

/** A menu that shows the current server and switches to another. */
export function ServerSwitcher() {
  const { connection, others } = useRemoteServers()
  const isOther = showsRemoteServer({ connection })
  const [container, setContainer] = useState<HTMLElement | null>(null)
  const choices = [
    { value: localValue, icon: Monitor, name: frameLabels.thisComputer, note: '' },
    ...others.map(({ id, name, host }) => ({
      value: id,
      icon: Server,
      name,
      note: host === name ? '' : host,
    })),
  ]
  return (
    <div ref={setContainer} className="min-w-0 flex-1">
      <Menu align="start" container={container} trigger={<Trigger />}>
        <MenuChoices
          label={frameLabels.server}
          value={connection.at === 'local' ? localValue : connection.server.id}
          choices={choices}
          onChange={(id) => switchServer(id === localValue ? null : id)}
        />
        {!isOther && (
          <>
            <MenuLine />
            <MenuItem icon={Plus} onSelect={showConnectServer}>
              {frameLabels.connectServer}
            </MenuItem>
            {others.length > 0 && (
              <Submenu icon={Unplug} name={frameLabels.removeServer}>
                {others.map(({ id, name }) => (
                  <MenuItem key={id} icon={Server} onSelect={() => removeServer(id)}>
                    {frameLabels.removeServerItem(name)}
                  </MenuItem>
                ))}
              </Submenu>
            )}
          </>
        )}
      </Menu>
    </div>
  )
}

/** The menu trigger, with the name and the host of the current server. */
function Trigger({ ...trigger }) {
  const connection = useRemoteServers((state) => state.connection)
  const [name, host] =
    connection.at === 'remote'
      ? [connection.server.name, connection.server.host]
      : [frameLabels.mailsage, frameLabels.thisComputer]
  return (
    <button
      type="button"
      {...trigger}
      className="-ml-2 flex h-10 w-[calc(100%+8px)] items-center gap-2 rounded-md px-2 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover"
    >
      <BrandMark />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold leading-4 tracking-[-0.01em]">{name}</span>
        <span className="block truncate text-ink-muted text-xs">
          <span className="sr-only">{frameLabels.serverOf}</span>
          {host}
        </span>
      </span>
      <Icon of={ChevronsUpDown} size={14} className="shrink-0 text-ink-faint" />
    </button>
  )
}
