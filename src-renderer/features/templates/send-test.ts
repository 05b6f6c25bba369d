import type { Template } from '../../../src-main/contract/templates.ts'
import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { toast } from '../../ui/toasts.tsx'
import { templatesLabels } from './labels.ts'
import { useSamples } from './sample-store.ts'

export type Destination = 'inbox' | 'relay'

export type Destinations = { readonly inboxes: readonly string[]; readonly relay: string | null }

type Addresses = { readonly from: string; readonly to: string }

const storageKey = 'mailsage.template-test'

export async function loadDestinations(): Promise<Destinations> {
  const [inboxes, relays] = await Promise.all([
    request('GET /v1/inboxes'),
    request('GET /v1/relays'),
  ])
  const names = inboxes.data.map(({ name }) => name)
  const relay = relays.data[0]
  return {
    inboxes: [...new Set(['default', ...names])],
    relay: relay ? templatesLabels.test.relay(relay.name, relay.host) : null,
  }
}

export function rememberedAddresses(): Addresses {
  const [from = '', to = ''] = (localStorage.getItem(storageKey) ?? '').split('\n')
  return { from: from || 'test@example.com', to: to || 'ada@example.com' }
}

type Test = Addresses & { readonly destination: Destination; readonly inbox: string }

export async function sendTest(
  { id }: Template,
  { destination, inbox, from, to }: Test,
): Promise<void> {
  localStorage.setItem(storageKey, `${from}\n${to}`)
  const variables = useSamples.getState().data
  if (destination === 'inbox') {
    const sent = await request('POST /v1/templates/{id}/capture', {
      params: { id },
      body: { from, to, inbox, variables },
    })
    offerMessage(templatesLabels.test.captured(inbox), sent.id)
    return
  }
  const sent = await request('POST /v1/send', {
    body: { from, to, template_id: id, template_data: variables },
  })
  // With a test key, the server captures the message instead of sending it.
  const { mode } = await request('GET /v1/emails/{id}', { params: { id: sent.id } })
  if (mode === 'test') offerMessage(templatesLabels.test.capturedByTestKey, sent.id)
  else {
    toast(templatesLabels.test.sending(to), {
      stayMs: 10_000,
      action: { label: templatesLabels.test.showInOutbox, run: () => go('outbox', sent.id) },
    })
  }
}

function offerMessage(text: string, id: string): void {
  toast(text, {
    stayMs: 10_000,
    action: { label: templatesLabels.test.openMessage, run: () => go('inbox', id) },
  })
}
