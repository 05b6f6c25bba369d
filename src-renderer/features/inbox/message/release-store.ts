import { create } from 'zustand'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import type { Relay } from '../../../../src-main/contract/relays.ts'
import { request } from '../../../app/request.ts'
import { go } from '../../../app/router.ts'
import { failed, type Load, loading, ready } from '../../../ui/load.ts'
import { toast } from '../../../ui/toasts.tsx'
import { releaseLabels } from '../labels.ts'

type ReleaseState = {
  readonly message: InboxMessageDetail | null
  readonly relays: Load<readonly Relay[]>
}

export const useRelease = create<ReleaseState>(() => ({ message: null, relays: loading }))

export function openRelease(message: InboxMessageDetail): void {
  useRelease.setState({ message, relays: loading })
  void loadRelays()
}

export function closeRelease(): void {
  useRelease.setState({ message: null })
}

export async function loadRelays(): Promise<void> {
  useRelease.setState({ relays: loading })
  try {
    const { data } = await request('GET /v1/relays')
    // The window's key cannot use the relays of tenants.
    useRelease.setState({ relays: ready(data.filter(({ tenant_id }) => tenant_id === null)) })
  } catch (cause) {
    useRelease.setState({ relays: failed(cause) })
  }
}

type Choice = { readonly to: readonly string[]; readonly from: string; readonly relayId: string }

export async function release(
  { id, envelope }: InboxMessageDetail,
  { to, from, relayId }: Choice,
): Promise<void> {
  const sent = await request('POST /v1/inbox/{id}/release', {
    params: { id },
    body: {
      to: [...to],
      relay_id: relayId,
      ...(from === envelope.mail_from ? {} : { from }),
    },
  })
  closeRelease()
  toast(releaseLabels.released(to), {
    action: { label: releaseLabels.showInOutbox, run: () => go('outbox', sent.id) },
    stayMs: 8000,
  })
}
