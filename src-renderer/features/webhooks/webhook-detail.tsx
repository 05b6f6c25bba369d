import { ArrowLeft, FlaskConical, ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import type { Webhook } from '../../../src-main/contract/webhooks.ts'
import { go } from '../../app/router.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { formatDistance } from '../../ui/format.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { filterDeliveries, followDeliveries, refresh, useDeliveries } from './deliveries-store.ts'
import { DeliveryDrawer } from './delivery-drawer.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { allEvents, inOrder } from './event-choices.ts'
import { webhooksLabels } from './labels.ts'
import { WebhookMenu } from './webhook-menu.tsx'
import { WebhookState } from './webhook-state.tsx'
import {
  beginTask,
  loadWebhooks,
  switchWebhook,
  testWebhook,
  useWebhooks,
} from './webhooks-store.ts'

export function WebhookDetail({ id, deliveryId }: { id: string; deliveryId: string | null }) {
  const webhooks = useWebhooks((state) => state.webhooks)
  const { deliveries } = useDeliveries()
  useEffect(() => void loadWebhooks(), [])
  useEffect(() => followDeliveries(id), [id])
  if (webhooks.status === 'failed') {
    return <Failure failure={webhooks.failure} onRetry={() => void loadWebhooks()} />
  }
  if (webhooks.status !== 'ready') return <SkeletonRows count={6} height={48} />
  const webhook = webhooks.value.find((one) => one.id === id)
  if (!webhook) {
    return (
      <Empty icon={ArrowLeft} title={webhooksLabels.detail.missing}>
        <p>{webhooksLabels.detail.missingHint}</p>
        <Button className="mt-4" onClick={() => go('webhooks')}>
          {webhooksLabels.all}
        </Button>
      </Empty>
    )
  }
  const rows = deliveries.status === 'ready' ? deliveries.value.rows : []
  const open = rows.find((row) => row.id === deliveryId)
  return (
    <section
      aria-label={webhooksLabels.detail.label(webhook.url)}
      className="flex h-full min-w-0 flex-col"
    >
      <Header webhook={webhook} />
      <Bar webhook={webhook} />
      <div className="flex min-h-0 flex-1">
        <div className="min-w-0 flex-1">
          {deliveries.status === 'failed' && (
            <Failure failure={deliveries.failure} onRetry={() => void refresh()} />
          )}
          {deliveries.status === 'loading' && <SkeletonRows count={8} height={36} />}
          {deliveries.status === 'ready' && (
            <DeliveryList webhook={webhook} rows={rows} openId={open?.id ?? null} />
          )}
        </div>
        {open && <DeliveryDrawer key={open.id} webhook={webhook} delivery={open} />}
      </div>
    </section>
  )
}

function Header({ webhook }: { webhook: Webhook }) {
  const { id, url, active } = webhook
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-3">
      <IconButton icon={ArrowLeft} label={webhooksLabels.all} onClick={() => go('webhooks')} />
      <h1 className="min-w-0 truncate font-mono" title={url}>
        <CopyText text={url} hint={webhooksLabels.detail.copyUrl}>
          {url}
        </CopyText>
      </h1>
      <WebhookState webhook={webhook} />
      <span className="flex-1" />
      <Switch
        id={`on-${id}`}
        label={active ? webhooksLabels.detail.disable : webhooksLabels.detail.enable}
        checked={active}
        onChange={(next) => void switchWebhook(webhook, next)}
      />
      <Button icon={FlaskConical} onClick={() => void testWebhook(webhook).then(refresh)}>
        {webhooksLabels.sendTest}
      </Button>
      <WebhookMenu webhook={webhook} />
    </header>
  )
}

function Bar({ webhook }: { webhook: Webhook }) {
  const { status, deliveries } = useDeliveries()
  const { events, created_at: createdAt } = webhook
  const names =
    events.length === allEvents.length ? webhooksLabels.row.allEvents : inOrder(events).join(', ')
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-line border-b px-4">
      <p className="min-w-0 flex-1 truncate text-ink-muted" title={names}>
        {webhooksLabels.detail.subscribed(names, formatDistance(createdAt))}
      </p>
      {deliveries.status === 'ready' && (
        <span className="figures text-ink-faint text-sm">
          {webhooksLabels.detail.total(deliveries.value.total)}
        </span>
      )}
      <Segmented
        label={webhooksLabels.detail.filter}
        value={status}
        onChange={filterDeliveries}
        options={[
          { value: 'all', label: webhooksLabels.detail.all },
          { value: 'delivered', label: webhooksLabels.deliveryStates.delivered },
          { value: 'pending', label: webhooksLabels.deliveryStates.pending },
          { value: 'failed', label: webhooksLabels.deliveryStates.failed },
        ]}
      />
      <IconButton
        icon={ShieldCheck}
        label={webhooksLabels.verifyTitle}
        onClick={() => beginTask({ type: 'verify', body: '', secret: '' })}
      />
    </div>
  )
}
