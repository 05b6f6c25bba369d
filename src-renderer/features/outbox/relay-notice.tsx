import { MailWarning, ServerOff, Unplug } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { describeUnavailability } from '../../app/relay-availability.ts'
import { routeHash } from '../../app/router.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { useNow } from '../../ui/use-now.ts'
import { loadSummary, useOutbox } from './outbox-store.ts'

const refreshMs = 5000

/** Says that mail of a restored backup waits for a person, and leads to where that is decided. */
export function RestoredNotice() {
  const summary = useOutbox((state) => state.summary)
  const held = summary.status === 'ready' ? summary.value.held_by_restore : 0
  if (held === 0) return null
  return (
    <Bar icon={MailWarning} role="status" screen="settings" id="storage" action="Release or cancel">
      {held === 1 ? 'One message' : `${formatCount(held)} messages`} of a restored backup may have
      been sent before, and {held === 1 ? 'waits' : 'wait'} to be released.
    </Bar>
  )
}

/** Says why mail does not leave, and leads to where it is mended. */
export function RelayNotice() {
  const summary = useOutbox((state) => state.summary)
  const isShown = summary.status === 'ready' && summary.value.relays.unreachable.length > 0
  const now = useNow(1000, isShown)
  useEffect(() => {
    if (!isShown) return
    const timer = setInterval(() => void loadSummary(), refreshMs)
    return () => clearInterval(timer)
  }, [isShown])
  if (summary.status !== 'ready') return null
  const { configured, unreachable } = summary.value.relays
  if (configured === 0) {
    return (
      <Bar icon={Unplug} role="status" screen="relays" action="Set up a relay">
        No relay is set up, so live mail is refused. Test keys work without one.
      </Bar>
    )
  }
  const [first] = unreachable
  if (!first) return null
  const isAll = unreachable.length === configured
  return (
    <Bar icon={ServerOff} role="note" screen="relays" id={first.id} action="Look at relays">
      <b className="font-semibold">{first.name}</b> {describeUnavailability(first.connection, now)}
      {others(unreachable.length - 1)}
      {!isAll && ' Another relay takes over.'}
      {first.last_error && (
        <span className="ml-2 font-mono text-sm opacity-90">{first.last_error}</span>
      )}
    </Bar>
  )
}

function others(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' One more relay has trouble.' : ` ${count} more relays have trouble.`
}

type BarProps = {
  /** What counts down is not read out with every second. */
  role: 'status' | 'note'
  icon: typeof Unplug
  screen: 'relays' | 'settings'
  id?: string
  action: string
  children: ReactNode
}

function Bar({ role, icon, screen, id, action, children }: BarProps) {
  return (
    <div
      role={role}
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 border-line border-b bg-warn-soft py-1.5 pr-2 pl-4 text-warn-ink"
    >
      <Icon of={icon} className="shrink-0" />
      <span className="line-clamp-3 min-w-40 flex-1">{children}</span>
      <a
        href={routeHash(screen, id ?? null)}
        className="shrink-0 rounded-md px-2 py-0.5 font-semibold underline-offset-2 hover:underline"
      >
        {action}
      </a>
    </div>
  )
}
