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

const here = 'here'

/** Which server the window shows, and the way to the others. */
export function ServerSwitcher() {
  const { way, others } = useRemoteServers()
  const isOther = showsRemoteServer({ way })
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const choices = [
    { value: here, icon: Monitor, name: 'This computer', note: '' },
    ...others.map(({ id, name, host }) => ({
      value: id,
      icon: Server,
      name,
      note: host === name ? '' : host,
    })),
  ]
  return (
    <div ref={setPlace} className="min-w-0 flex-1">
      <Menu align="start" container={place} trigger={<Shown />}>
        <MenuChoices
          label="Relay"
          value={way.at === 'here' ? here : way.server.id}
          choices={choices}
          onChange={(id) => switchServer(id === here ? null : id)}
        />
        {!isOther && (
          <>
            <MenuLine />
            <MenuItem icon={Plus} onSelect={showConnectServer}>
              Connect to another server…
            </MenuItem>
            {others.length > 0 && (
              <Submenu icon={Unplug} name="Forget">
                {others.map(({ id, name }) => (
                  <MenuItem key={id} icon={Server} onSelect={() => removeServer(id)}>
                    {name}…
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

/** The trigger: on another computer's server its name stands where MailSage's does at home. */
function Shown({ ...trigger }) {
  const way = useRemoteServers((state) => state.way)
  const [name, place] =
    way.at === 'there' ? [way.server.name, way.server.host] : ['MailSage', 'This computer']
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
          <span className="sr-only">, server of </span>
          {place}
        </span>
      </span>
      <Icon of={ChevronsUpDown} size={14} className="shrink-0 text-ink-faint" />
    </button>
  )
}
