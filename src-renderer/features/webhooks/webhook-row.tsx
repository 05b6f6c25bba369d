import type { Webhook, WebhookFigures } from '../../../src-main/contract/webhooks.ts'
import { routeHash } from '../../app/router.ts'
import { formatDistance, formatExact, formatShare } from '../../ui/format.ts'
import { Switch } from '../../ui/switch.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { allEvents, inOrder } from './event-choices.ts'
import { webhooksLabels } from './labels.ts'
import { WebhookMenu } from './webhook-menu.tsx'
import { WebhookState } from './webhook-state.tsx'
import { switchWebhook } from './webhooks-store.ts'

type WebhookRowProps = { webhook: Webhook; figures: WebhookFigures | null }

export function WebhookRow({ webhook, figures }: WebhookRowProps) {
  const { id, url, events, active } = webhook
  const names =
    events.length === allEvents.length ? webhooksLabels.row.allEvents : inOrder(events).join(', ')
  return (
    <tr className="relative h-12 border-line border-t hover:bg-hover">
      <td className="py-1 pr-3 pl-4">
        <a
          href={routeHash('webhooks', id)}
          data-webhook={id}
          title={url}
          className="block truncate font-mono text-sm leading-5 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-sage"
        >
          {url}
        </a>
        <p title={names} className="truncate text-ink-muted text-sm">
          {names}
        </p>
      </td>
      <td className="truncate px-3">
        <span className="relative z-10">
          <WebhookState webhook={webhook} />
        </span>
      </td>
      <td className="truncate px-3 text-ink-muted">
        {figures?.last_attempt_at ? (
          <Tooltip label={formatExact(figures.last_attempt_at)}>
            <span className="relative z-10">{formatDistance(figures.last_attempt_at)}</span>
          </Tooltip>
        ) : (
          <span className="text-ink-faint">{webhooksLabels.never}</span>
        )}
      </td>
      <td className="figures px-3 text-right">
        <SuccessRate figures={figures} />
      </td>
      <td className="px-3">
        <span className="relative z-10 flex">
          <Switch
            id={`on-${id}`}
            label={active ? webhooksLabels.row.disable(url) : webhooksLabels.row.enable(url)}
            checked={active}
            onChange={(next) => void switchWebhook(webhook, next)}
          />
        </span>
      </td>
      <td className="w-11 pr-2 text-right">
        <WebhookMenu webhook={webhook} />
      </td>
    </tr>
  )
}

function SuccessRate({ figures }: { figures: WebhookFigures | null }) {
  const finished = figures ? figures.delivered + figures.failed : 0
  if (!figures || finished === 0) return <span className="text-ink-faint">–</span>
  const { delivered, failed, pending } = figures
  const tone = failed === 0 ? 'text-ink' : delivered > failed ? 'text-warn-ink' : 'text-danger-ink'
  return (
    <Tooltip label={webhooksLabels.row.figures(delivered, failed, pending)}>
      <span className={`relative z-10 ${tone}`}>{formatShare(delivered / finished)}</span>
    </Tooltip>
  )
}
