import { useEffect, useState } from 'react'
import type { RelayQueue } from '../../../src-main/contract/relay-tests.ts'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { request } from '../../app/request.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { toast } from '../../ui/toasts.tsx'
import { relaysLabels } from './labels.ts'
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
      title={relaysLabels.delete.title(relay.name)}
      action={relaysLabels.delete.action}
      onConfirm={async () => {
        await deleteRelay(relay)
        toast(relaysLabels.delete.done)
      }}
    >
      <p>{queue ? relaysLabels.delete.queue(queue) : relaysLabels.delete.loading}</p>
      <p>{relaysLabels.delete.kept}</p>
    </Confirm>
  )
}
