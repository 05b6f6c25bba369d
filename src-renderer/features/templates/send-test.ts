import type { Template } from '../../../src-main/contract/templates.ts'
import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { toast } from '../../ui/toasts.tsx'
import { useSamples } from './sample-store.ts'

export type Way = 'inbox' | 'relay'

export type Ways = { readonly inboxes: readonly string[]; readonly relay: string | null }

type Addresses = { readonly from: string; readonly to: string }

const storageKey = 'mailsage.template-test'

export async function askWays(): Promise<Ways> {
  const [inboxes, relays] = await Promise.all([
    request('GET /v1/inboxes'),
    request('GET /v1/relays'),
  ])
  const names = inboxes.data.map(({ name }) => name)
  const relay = relays.data[0]
  return {
    inboxes: [...new Set(['default', ...names])],
    relay: relay ? `“${relay.name}” (${relay.host})` : null,
  }
}

export function rememberedAddresses(): Addresses {
  const [from = '', to = ''] = (localStorage.getItem(storageKey) ?? '').split('\n')
  return { from: from || 'test@example.com', to: to || 'ada@example.com' }
}

type Test = Addresses & { readonly way: Way; readonly inbox: string }

export async function sendTest({ id }: Template, { way, inbox, from, to }: Test): Promise<void> {
  localStorage.setItem(storageKey, `${from}\n${to}`)
  const variables = useSamples.getState().data
  if (way === 'inbox') {
    const sent = await request('POST /v1/templates/{id}/capture', {
      params: { id },
      body: { from, to, inbox, variables },
    })
    offerMessage(`Captured in “${inbox}”`, sent.id)
    return
  }
  const sent = await request('POST /v1/send', {
    body: { from, to, template_id: id, template_data: variables },
  })
  // The key that one signed in with may be a test key: then nothing left.
  const { mode } = await request('GET /v1/emails/{id}', { params: { id: sent.id } })
  if (mode === 'test') offerMessage('Captured: you are signed in with a test key', sent.id)
  else {
    toast(`On its way to ${to}`, {
      stayMs: 10_000,
      action: { label: 'Show in outbox', run: () => go('outbox', sent.id) },
    })
  }
}

function offerMessage(text: string, id: string): void {
  toast(text, {
    stayMs: 10_000,
    action: { label: 'Open message', run: () => go('inbox', id) },
  })
}
