import { useEffect, useState } from 'react'
import type { RelayQueue } from '../../../src-main/contract/relay-tests.ts'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { request } from '../../app/request.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { deleteRelay, endTask } from './relays-store.ts'

export function DeleteRelayDialog({ relay }: { relay: Relay }) {
  const [queue, setQueue] = useState<RelayQueue | null>(null)
  useEffect(() => {
    const asked = request('GET /v1/relays/{id}/queue', { params: { id: relay.id } })
    asked.then(setQueue, () => undefined)
  }, [relay.id])
  return (
    <Confirm
      open
      onClose={endTask}
      title={`Delete the relay “${relay.name}”?`}
      action="Delete relay"
      onConfirm={async () => {
        await deleteRelay(relay)
        toast('Relay deleted')
      }}
    >
      <p>{queue ? waitingWords(queue) : 'Looking at what waits for it…'}</p>
      <p>Its password and keys are deleted with it. What it has sent stays in the outbox.</p>
    </Confirm>
  )
}

function waitingWords({ waiting, chosen, next }: RelayQueue): string {
  const many =
    waiting === 1 ? 'One live message waits' : `${formatCount(waiting)} live messages wait`
  const asked = chosen === 0 ? '' : `, ${formatCount(chosen)} of them for this relay by name`
  const then =
    next === null
      ? 'There is no other relay: they wait, and live keys are refused until you add one.'
      : `“${next}” takes over.`
  if (waiting > 0) return `${many} to leave${asked}. ${then}`
  if (next === null) return 'Nothing waits to leave. Without a relay, live keys are refused.'
  return `Nothing waits to leave. From now on “${next}” takes over.`
}
