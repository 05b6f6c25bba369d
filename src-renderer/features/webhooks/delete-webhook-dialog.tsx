import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatDistance } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { deleteWebhook, endTask, renewSecret, useWebhooks } from './webhooks-store.ts'

export function DeleteWebhookDialog({ webhook }: { webhook: Webhook }) {
  const figures = useWebhooks((state) => state.figures.get(webhook.id))
  const last = figures?.last_attempt_at ?? null
  return (
    <Confirm
      open
      onClose={endTask}
      title="Delete this webhook?"
      action="Delete webhook"
      onConfirm={async () => {
        await deleteWebhook(webhook)
        toast('The webhook is deleted')
      }}
    >
      <p className="break-all font-mono text-sm">{webhook.url}</p>
      <p>
        It hears of nothing more, and its log and its secret are gone. This cannot be undone; to
        pause it, switch it off.
      </p>
      <p className="text-ink">
        {last === null ? 'It was never posted to.' : `Last posted to ${formatDistance(last)}.`}
        {figures && figures.pending > 0 && ` ${figures.pending} deliveries still wait.`}
      </p>
    </Confirm>
  )
}

export function RenewSecretDialog({ webhook }: { webhook: Webhook }) {
  return (
    <Confirm
      open
      onClose={endTask}
      title="Make a new secret?"
      action="Make new secret"
      onConfirm={() => renewSecret(webhook)}
    >
      <p className="break-all font-mono text-sm">{webhook.url}</p>
      <p>
        From now on everything is signed with the new one. A receiver that still has the old one
        refuses deliveries until you give it the new one; they are tried again.
      </p>
    </Confirm>
  )
}
