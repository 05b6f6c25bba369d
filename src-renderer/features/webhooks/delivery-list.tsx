import { useVirtualizer } from '@tanstack/react-virtual'
import { Inbox } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import type { Webhook, WebhookLog } from '../../../src-main/contract/webhooks.ts'
import { go, routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { focusRow } from '../../ui/focus-row.ts'
import { formatExact, formatWhen } from '../../ui/format.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty } from '../../ui/notice.tsx'
import { Countdown } from './countdown.tsx'
import { loadMoreDeliveries, replay, useDeliveries } from './deliveries-store.ts'
import { webhooksLabels } from './labels.ts'
import { testWebhook } from './webhooks-store.ts'

const rowHeight = 36
// A narrow list, beside an open delivery, shows fewer columns.
const columns =
  'grid grid-cols-[76px_minmax(0,1fr)_44px_56px_96px_60px] items-center gap-3 px-4 @max-xl:grid-cols-[76px_minmax(0,1fr)_36px_44px]'

type DeliveryListProps = {
  webhook: Webhook
  rows: readonly WebhookLog[]
  openId: string | null
}

export function DeliveryList({ webhook, rows, openId }: DeliveryListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 15) void loadMoreDeliveries()
  }, [lastShown, rows.length])

  function step(by: number) {
    const focused = document.activeElement?.getAttribute('data-row')
    const at = rows.findIndex(({ id }) => id === (openId ?? focused))
    const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))
    const row = rows[next]
    if (!row) return
    virtual.scrollToIndex(next)
    if (openId) go('webhooks', `${webhook.id}:${row.id}`, true)
    focusRow(row.id)
  }
  useHotkeys({
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    r: () => {
      const focused = document.activeElement?.getAttribute('data-row')
      const row = rows.find(({ id }) => id === (openId ?? focused))
      if (row && row.status !== 'pending') void replay(row)
    },
    escape: () => go('webhooks', openId ? webhook.id : null),
  })

  if (rows.length === 0) return <EmptyDeliveries webhook={webhook} />
  return (
    <div className="@container flex h-full flex-col">
      <div
        aria-hidden
        className={`${columns} h-8 shrink-0 border-line border-b bg-sunken font-medium text-ink-faint text-sm`}
      >
        <span>{webhooksLabels.list.state}</span>
        <span>{webhooksLabels.deliveries.event}</span>
        <span className="text-right">{webhooksLabels.deliveries.code}</span>
        <span className="text-right @max-xl:hidden">{webhooksLabels.deliveries.duration}</span>
        <span className="@max-xl:hidden">{webhooksLabels.attempts}</span>
        <span className="text-right">{webhooksLabels.created}</span>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
        <ul
          aria-label={webhooksLabels.deliveries.label}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(({ index, key, start }) => {
            const row = rows[index]
            if (!row) return null
            return (
              <li
                key={key}
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <DeliveryRow delivery={row} isOpen={row.id === openId} />
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}

const dots = {
  delivered: 'bg-sage',
  pending: 'animate-breathe bg-live',
  failed: 'bg-danger',
} as const

type DeliveryRowProps = { delivery: WebhookLog; isOpen: boolean }

const DeliveryRow = memo(function DeliveryRow({ delivery, isOpen }: DeliveryRowProps) {
  const { id, webhook_id, event, status, test, attempts, response_status: code } = delivery
  return (
    <a
      href={routeHash('webhooks', `${webhook_id}:${id}`)}
      data-row={id}
      aria-current={isOpen ? 'true' : undefined}
      className={classes(
        columns,
        'h-full cursor-default border-line border-b focus-visible:-outline-offset-2',
        isOpen ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="flex items-center gap-2">
        <span className={`size-2 shrink-0 rounded-full ${dots[status]}`} />
        {webhooksLabels.deliveryStates[status]}
      </span>
      <span className="flex min-w-0 items-center gap-2">
        <code className="shrink-0 text-sm">{event}</code>
        {test && <Badge tone="test">{webhooksLabels.test}</Badge>}
        <span className="min-w-0 truncate text-ink-faint text-sm">{recipientOf(delivery)}</span>
      </span>
      <span className="figures text-right text-ink-muted">{code ?? '–'}</span>
      <span className="figures text-right text-ink-muted @max-xl:hidden">
        {delivery.duration_ms === null ? '–' : `${delivery.duration_ms} ms`}
      </span>
      <span className="figures truncate text-ink-muted @max-xl:hidden">
        {delivery.next_attempt_at && attempts > 0 ? (
          <>
            {webhooksLabels.deliveries.attemptsNext(attempts)}{' '}
            <Countdown to={delivery.next_attempt_at} />
          </>
        ) : (
          attempts
        )}
      </span>
      <span
        className="figures truncate text-right text-ink-faint"
        title={formatExact(delivery.created_at)}
      >
        {formatWhen(delivery.created_at)}
      </span>
    </a>
  )
})

/** The recipient, for events about a message. */
function recipientOf({ payload }: WebhookLog): string {
  const { data } = payload
  if (typeof data !== 'object' || data === null || !('to' in data)) return ''
  return String(data.to)
}

function EmptyDeliveries({ webhook }: { webhook: Webhook }) {
  const status = useDeliveries((state) => state.status)
  if (status !== 'all') return <Empty icon={Inbox} title={webhooksLabels.deliveries.noMatch} />
  return (
    <Empty icon={Inbox} title={webhooksLabels.deliveries.empty}>
      <p>{webhooksLabels.deliveries.emptyHint}</p>
      <Button className="mt-4" onClick={() => void testWebhook(webhook)}>
        {webhooksLabels.sendTest}
      </Button>
    </Empty>
  )
}
