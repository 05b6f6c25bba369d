import { create } from 'zustand'
import {
  type Webhook,
  type WebhookEvent,
  type WebhookFigures,
  webhookEvents,
} from '../../../src-main/contract/webhooks.ts'
import { createFollowUp } from '../../app/follow-up.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { go, useRoute } from '../../app/router.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'

export type WebhookTask =
  | { readonly type: 'create' }
  | { readonly type: 'edit'; readonly webhook: Webhook }
  | { readonly type: 'delete'; readonly webhook: Webhook }
  | { readonly type: 'renew'; readonly webhook: Webhook }
  | { readonly type: 'secret'; readonly webhook: Webhook; readonly secret: string }
  | { readonly type: 'verify'; readonly body: string; readonly secret: string }

type WebhooksState = {
  readonly webhooks: Load<readonly Webhook[]>
  readonly figures: ReadonlyMap<string, WebhookFigures>
  readonly task: WebhookTask | null
}

export const useWebhooks = create<WebhooksState>(() => ({
  webhooks: loading,
  figures: new Map(),
  task: null,
}))

export async function loadWebhooks(): Promise<void> {
  try {
    const [list, figures] = await Promise.all([
      request('GET /v1/webhooks', { query: { limit: 100 } }),
      request('GET /v1/webhooks/figures'),
    ])
    useWebhooks.setState({
      webhooks: ready(list.data),
      figures: new Map(figures.data.map((one) => [one.webhook_id, one])),
    })
  } catch (cause) {
    useWebhooks.setState(({ webhooks }) =>
      webhooks.status === 'ready' ? {} : { webhooks: failed(cause) },
    )
  }
}

export function beginTask(task: WebhookTask): void {
  useWebhooks.setState({ task })
}

export function endTask(): void {
  useWebhooks.setState({ task: null })
}

type WebhookChoice = { url: string; events: WebhookEvent[] }

export async function createWebhook(choice: WebhookChoice): Promise<void> {
  const { secret, ...webhook } = await request('POST /v1/webhooks', { body: choice })
  if (secret) beginTask({ type: 'secret', webhook, secret })
  else endTask()
  void loadWebhooks()
}

export async function changeWebhook({ id }: Webhook, choice: WebhookChoice): Promise<void> {
  await request('PUT /v1/webhooks/{id}', { params: { id }, body: choice })
  endTask()
  await loadWebhooks()
}

export async function renewSecret({ id }: Webhook): Promise<void> {
  const { secret, ...webhook } = await request('PUT /v1/webhooks/{id}', {
    params: { id },
    body: { secret: null },
  })
  // The confirmation closes when this is over; the secret follows it.
  if (secret) setTimeout(() => beginTask({ type: 'secret', webhook, secret }))
}

export async function switchWebhook(webhook: Webhook, active: boolean): Promise<void> {
  const { id } = webhook
  try {
    await request('PUT /v1/webhooks/{id}', { params: { id }, body: { active } })
    await loadWebhooks()
    toast(active ? 'Switched on: it is sent what still waits' : 'Switched off', {
      id: `switch-${id}`,
      action: { label: 'Undo', run: () => void switchWebhook(webhook, !active) },
    })
  } catch (cause) {
    toastFailure(cause)
  }
}

export async function deleteWebhook({ id }: Webhook): Promise<void> {
  await request('DELETE /v1/webhooks/{id}', { params: { id } })
  go('webhooks')
  await loadWebhooks()
}

/** Posts a made-up event and says what came of it. */
export async function testWebhook(webhook: Webhook, event?: WebhookEvent): Promise<void> {
  const id = `test-${webhook.id}`
  toast('Posting a test event…', { id, stayMs: 10_000 })
  try {
    const log = await request('POST /v1/webhooks/{id}/test', {
      params: { id: webhook.id },
      body: event ? { event } : {},
    })
    const answer = log.response_status === null ? (log.error ?? '') : `${log.response_status}`
    const show = { label: 'Show', run: () => go('webhooks', `${webhook.id}:${log.id}`) }
    if (log.status === 'delivered') {
      toast(`Test “${log.event}” received: ${answer} in ${log.duration_ms} ms`, {
        id,
        action: show,
      })
    } else {
      const tone = 'failure' as const
      toast(`Test “${log.event}” failed: ${log.error ?? answer}`, {
        id,
        tone,
        stayMs: 8000,
        action: show,
      })
    }
    void loadWebhooks()
  } catch (cause) {
    toastFailure(cause)
  }
}

/** Long enough for what an event made to be posted and written down. */
const gatherMs = 1000
const followUp = createFollowUp(loadWebhooks, gatherMs)

const isAboutWebhooks = (type: string): boolean =>
  type.startsWith('webhook.') || webhookEvents.some((event) => event === type)

listen({
  connected: () => void loadWebhooks(),
  events: (events) => {
    const isShown = useRoute.getState().screen === 'webhooks'
    if (isShown && events.some(({ type }) => isAboutWebhooks(type))) followUp.schedule()
  },
})
