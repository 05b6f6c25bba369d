import { ServerOff } from 'lucide-react'
import { useEffect } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { describeUnavailability, isUnavailable } from '../../app/relay-availability.ts'
import { Note } from '../../ui/notice.tsx'
import { useNow } from '../../ui/use-now.ts'
import { relaysLabels } from './labels.ts'
import { loadRelays } from './relays-store.ts'

const refreshMs = 5000

/** One notice per unavailable relay, reloaded while it is shown. */
export function RelayTroubles({ relays }: { relays: readonly Relay[] }) {
  const inTrouble = relays.filter(({ connection }) => isUnavailable(connection))
  const isShown = inTrouble.length > 0
  const now = useNow(1000, isShown)
  useEffect(() => {
    if (!isShown) return
    const timer = setInterval(() => void loadRelays(), refreshMs)
    return () => clearInterval(timer)
  }, [isShown])
  if (!isShown) return null
  return (
    <section aria-label={relaysLabels.troubles.label} className="space-y-2">
      {inTrouble.map(({ id, name, connection, last_error }) => (
        <Note key={id} tone="warn" icon={ServerOff}>
          <b className="font-semibold">{name}</b> {describeUnavailability(connection, now)}
          {last_error && <p className="font-mono text-sm">{last_error}</p>}
        </Note>
      ))}
    </section>
  )
}
