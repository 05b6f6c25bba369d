import { ChevronDown, ImageOff, Images, UserCheck, UserX } from 'lucide-react'
import type { MessageView } from '../../src-main/contract/messages.ts'
import { IconButton } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toasts.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { messageLabels } from './labels.ts'
import { distrustSender, trustSender, useViewChoices } from './view-choices.ts'

type RemoteBarProps = {
  sender: string
  view: MessageView
  isAllowed: boolean
  onAllow: (isAllowed: boolean) => void
}

/** The remote content of a message, with buttons to load or block it. */
export function RemoteBar({ sender, view, isAllowed, onAllow }: RemoteBarProps) {
  const { remote_count: count, remote_hosts: hosts } = view
  const trusted = useViewChoices((state) => state.trusted)
  const isTrusted = trusted.includes(sender.toLowerCase())

  function trust() {
    trustSender(sender)
    onAllow(true)
    toast(messageLabels.alwaysLoaded(sender))
  }

  function distrust() {
    distrustSender(sender)
    onAllow(false)
  }

  return (
    <section
      aria-label={messageLabels.remoteContent}
      className="flex h-9 shrink-0 items-center gap-2 border-line border-b bg-canvas px-5"
    >
      <Icon
        of={isAllowed ? Images : ImageOff}
        size={14}
        className={`shrink-0 ${isAllowed ? 'text-ink-faint' : 'text-warn-ink'}`}
      />
      <span className="shrink-0">
        {isAllowed ? messageLabels.remoteLoaded : messageLabels.remoteBlocked}
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-faint">
        {hosts.length > 0 && (
          <Tooltip label={<HostList hosts={hosts} />}>
            <span className="figures">
              {messageLabels.remoteSources(formatCount(count), hostsLabel(hosts))}
            </span>
          </Tooltip>
        )}
      </span>
      <div className="-mr-1 flex shrink-0 items-center">
        <button
          type="button"
          onClick={() => onAllow(!isAllowed)}
          className="h-6 rounded-md px-2 font-medium text-sage-ink hover:bg-sage-soft"
        >
          {isAllowed ? messageLabels.block : messageLabels.load}
        </button>
        {sender !== '' && (
          <Menu trigger={<IconButton icon={ChevronDown} label={messageLabels.senderOptions} />}>
            {isTrusted ? (
              <MenuItem icon={UserX} onSelect={distrust}>
                {messageLabels.stopLoading(sender)}
              </MenuItem>
            ) : (
              <MenuItem icon={UserCheck} onSelect={trust}>
                {messageLabels.alwaysLoad(sender)}
              </MenuItem>
            )}
          </Menu>
        )}
      </div>
    </section>
  )
}

function hostsLabel(hosts: readonly string[]): string {
  const [first = '', ...rest] = hosts
  return rest.length === 0 ? first : messageLabels.hostsAndMore(first, rest.length)
}

function HostList({ hosts }: { hosts: readonly string[] }) {
  return (
    <span className="block py-0.5 font-mono">
      {hosts.slice(0, 12).map((host) => (
        <span key={host} className="block truncate">
          {host}
        </span>
      ))}
      {hosts.length > 12 && (
        <span className="block">{messageLabels.moreHosts(hosts.length - 12)}</span>
      )}
    </span>
  )
}
