import { ServerOff, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { placeHash } from '../../place.ts'
import { Icon } from '../../ui/icon.tsx'
import { useOutbox } from './outbox-store.ts'

/** Says why mail does not leave, and leads to where it is mended. */
export function RelayNotice() {
  const summary = useOutbox((state) => state.summary)
  if (summary.status !== 'ready') return null
  const { configured, unreachable } = summary.value.relays
  if (configured === 0) {
    return (
      <Bar icon={Unplug} screen="relays" action="Set up a relay">
        No relay is set up, so live mail is refused. Test keys work without one.
      </Bar>
    )
  }
  const [first] = unreachable
  if (!first) return null
  const isAll = unreachable.length === configured
  return (
    <Bar icon={ServerOff} screen="relays" id={first.id} action="Look at relays">
      <b className="font-semibold">{first.name}</b>
      {unreachable.length > 1 && ` and ${unreachable.length - 1} more`} cannot be reached
      {isAll ? ': mail waits and is tried again.' : '; another relay takes over.'}
      {first.last_error && (
        <span className="ml-2 font-mono text-sm opacity-90">{first.last_error}</span>
      )}
    </Bar>
  )
}

type BarProps = {
  icon: typeof Unplug
  screen: 'relays'
  id?: string
  action: string
  children: ReactNode
}

function Bar({ icon, screen, id, action, children }: BarProps) {
  return (
    <div
      role="status"
      className="flex h-9 shrink-0 items-center gap-2 border-line border-b bg-warn-soft pr-2 pl-4 text-warn-ink"
    >
      <Icon of={icon} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <a
        href={placeHash(screen, id ?? null)}
        className="shrink-0 rounded-md px-2 py-0.5 font-semibold underline-offset-2 hover:underline"
      >
        {action}
      </a>
    </div>
  )
}
