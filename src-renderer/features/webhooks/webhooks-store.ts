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
import { createTaskStore } from '../../app/task-store.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { webhooksLabels } from './labels.ts'

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
}

export const useWebhooks = create<WebhooksState>(() => ({
  webhooks: loading,
  figures: new Map(),
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

export const { useTask: useWebhookTask, beginTask, endTask } = createTaskStore<WebhookTask>()

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
  // The confirmation closes when this promise settles; the secret dialog opens after it.
  if (secret) setTimeout(() => beginTask({ type: 'secret', webhook, secret }))
}

export async function switchWebhook(webhook: Webhook, active: boolean): Promise<void> {
  const { id } = webhook
  try {
    await request('PUT /v1/webhooks/{id}', { params: { id }, body: { active } })
    await loadWebhooks()
    toast(active ? webhooksLabels.toasts.enabled : webhooksLabels.toasts.disabled, {
      id: `switch-${id}`,
      action: {
        label: webhooksLabels.toasts.undo,
        run: () => void switchWebhook(webhook, !active),
      },
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

/** Sends a test event and shows its result. */
export async function testWebhook(webhook: Webhook, event?: WebhookEvent): Promise<void> {
  const id = `test-${webhook.id}`
  toast(webhooksLabels.toasts.testing, { id, stayMs: 10_000 })
  try {
    const log = await request('POST /v1/webhooks/{id}/test', {
      params: { id: webhook.id },
      body: event ? { event } : {},
    })
    const response = log.response_status === null ? (log.error ?? '') : `${log.response_status}`
    const show = {
      label: webhooksLabels.toasts.show,
      run: () => go('webhooks', `${webhook.id}:${log.id}`),
    }
    if (log.status === 'delivered') {
      toast(webhooksLabels.toasts.testDelivered(log.event, response, log.duration_ms), {
        id,
        action: show,
      })
    } else {
      const tone = 'failure' as const
      toast(webhooksLabels.toasts.testFailed(log.event, log.error ?? response), {
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

/** Usually enough time to send an event and record the delivery. */
const refreshDelayMs = 1000
const followUp = createFollowUp(loadWebhooks, refreshDelayMs)

const affectsWebhooks = (type: string): boolean =>
  type.startsWith('webhook.') || webhookEvents.some((event) => event === type)

listen({
  connected: () => void loadWebhooks(),
  events: (events) => {
    const isShown = useRoute.getState().screen === 'webhooks'
    if (isShown && events.some(({ type }) => affectsWebhooks(type))) followUp.schedule()
  },
})
