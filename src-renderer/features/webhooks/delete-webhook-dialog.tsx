import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatDistance } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { webhooksLabels } from './labels.ts'
import { deleteWebhook, endTask, renewSecret, useWebhooks } from './webhooks-store.ts'

export function DeleteWebhookDialog({ webhook }: { webhook: Webhook }) {
  const figures = useWebhooks((state) => state.figures.get(webhook.id))
  const last = figures?.last_attempt_at ?? null
  return (
    <Confirm
      open
      onClose={endTask}
      title={webhooksLabels.delete.title}
      action={webhooksLabels.delete.action}
      onConfirm={async () => {
        await deleteWebhook(webhook)
        toast(webhooksLabels.delete.done)
      }}
    >
      <p className="break-all font-mono text-sm">{webhook.url}</p>
      <p>{webhooksLabels.delete.warning}</p>
      <p className="text-ink">
        {last === null
          ? webhooksLabels.delete.unused
          : webhooksLabels.delete.lastDelivery(formatDistance(last))}
        {figures && figures.pending > 0 && webhooksLabels.delete.pending(figures.pending)}
      </p>
    </Confirm>
  )
}

export function RenewSecretDialog({ webhook }: { webhook: Webhook }) {
  return (
    <Confirm
      open
      onClose={endTask}
      title={webhooksLabels.renew.title}
      action={webhooksLabels.renew.action}
      onConfirm={() => renewSecret(webhook)}
    >
      <p className="break-all font-mono text-sm">{webhook.url}</p>
      <p>{webhooksLabels.renew.warning}</p>
    </Confirm>
  )
}
