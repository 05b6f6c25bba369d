import { MailWarning, ServerOff, Unplug } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { describeUnavailability } from '../../app/relay-availability.ts'
import { routeHash } from '../../app/router.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { useNow } from '../../ui/use-now.ts'
import { outboxLabels } from './labels.ts'
import { loadSummary, useOutbox } from './outbox-store.ts'

const refreshMs = 5000

/** A notice about held mail from a restored backup, with a link to release or cancel it. */
export function RestoredNotice() {
  const summary = useOutbox((state) => state.summary)
  const held = summary.status === 'ready' ? summary.value.held_by_restore : 0
  if (held === 0) return null
  return (
    <Bar
      icon={MailWarning}
      role="status"
      screen="settings"
      id="storage"
      action={outboxLabels.releaseOrCancel}
    >
      {outboxLabels.restored(held, formatCount(held))}
    </Bar>
  )
}

/** A notice about missing or unavailable relays, with a link to the relays screen. */
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
      <Bar icon={Unplug} role="status" screen="relays" action={outboxLabels.addRelay}>
        {outboxLabels.noRelay}
      </Bar>
    )
  }
  const [first] = unreachable
  if (!first) return null
  const isAll = unreachable.length === configured
  return (
    <Bar
      icon={ServerOff}
      role="note"
      screen="relays"
      id={first.id}
      action={outboxLabels.showRelays}
    >
      <b className="font-semibold">{first.name}</b> {describeUnavailability(first.connection, now)}
      {outboxLabels.moreUnavailable(unreachable.length - 1)}
      {!isAll && outboxLabels.otherRelaysDeliver}
      {first.last_error && (
        <span className="ml-2 font-mono text-sm opacity-90">{first.last_error}</span>
      )}
    </Bar>
  )
}

type BarProps = {
  /** `note` keeps screen readers from announcing every second of a countdown. */
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
