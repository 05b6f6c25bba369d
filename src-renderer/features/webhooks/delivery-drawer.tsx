import { Mail, RotateCw, ShieldCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Webhook, WebhookLog } from '../../../src-main/contract/webhooks.ts'
import { go } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { formatExact, formatMoment } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { Countdown } from './countdown.tsx'
import { replay } from './deliveries-store.ts'
import { explainDelivery } from './explain-delivery.ts'
import { webhooksLabels } from './labels.ts'
import { beginTask } from './webhooks-store.ts'

const tones = { delivered: 'sage', pending: 'warn', failed: 'danger' } as const

type DeliveryDrawerProps = { webhook: Webhook; delivery: WebhookLog }

export function DeliveryDrawer({ webhook, delivery }: DeliveryDrawerProps) {
  const { event, status, test, payload } = delivery
  const raw = JSON.stringify(payload)
  return (
    <aside
      aria-label={webhooksLabels.drawer.label}
      className="flex w-[min(460px,52%)] shrink-0 flex-col border-line border-l"
    >
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-4">
        <h2 className="min-w-0 truncate font-mono">{event}</h2>
        <Badge tone={tones[status]}>{webhooksLabels.deliveryStates[status]}</Badge>
        {test && <Badge tone="test">{webhooksLabels.test}</Badge>}
        <span className="flex-1" />
        <ReplayButton webhook={webhook} delivery={delivery} />
        <IconButton
          icon={X}
          label={webhooksLabels.drawer.close}
          shortcut="Esc"
          onClick={() => go('webhooks', webhook.id)}
        />
      </header>
      <div className="min-h-0 flex-1 space-y-5 overflow-y-auto p-4">
        <Attempts delivery={delivery} />
        <Part title={webhooksLabels.drawer.response}>
          {delivery.response_status === null ? (
            <p className="text-ink-muted">{webhooksLabels.drawer.noResponse}</p>
          ) : (
            <CodeBlock
              code={delivery.response_body || webhooksLabels.drawer.emptyBody}
              label={webhooksLabels.drawer.responseBlock(delivery.response_status)}
            />
          )}
        </Part>
        <Part title={webhooksLabels.drawer.payload}>
          <CodeBlock
            code={JSON.stringify(payload, null, 2)}
            label={webhooksLabels.drawer.payloadBlock}
          />
          <p className="mt-1 text-ink-faint text-sm">
            {webhooksLabels.drawer.payloadHint(new Blob([raw]).size)}
          </p>
        </Part>
        <Part title={webhooksLabels.drawer.headers}>
          <CodeBlock
            code={headersOf(webhook, delivery)}
            label={webhooksLabels.drawer.headersBlock}
          />
          <p className="mt-1 text-ink-faint text-sm">{webhooksLabels.drawer.headersHint}</p>
        </Part>
        <div className="flex flex-wrap gap-2">
          <Button
            icon={ShieldCheck}
            onClick={() => beginTask({ type: 'verify', body: raw, secret: '' })}
          >
            {webhooksLabels.drawer.check}
          </Button>
          <MessageButton payload={payload} />
        </div>
      </div>
    </aside>
  )
}

function ReplayButton({ webhook, delivery }: DeliveryDrawerProps) {
  const isPending = delivery.status === 'pending'
  const hint = isPending
    ? webhooksLabels.drawer.pending
    : webhook.active
      ? webhooksLabels.drawer.replayHint
      : webhooksLabels.drawer.enableFirst
  return (
    <Tooltip label={hint} {...(isPending || !webhook.active ? {} : { shortcut: 'r' })}>
      <span>
        <Button
          icon={RotateCw}
          disabled={isPending || !webhook.active}
          onClick={() => void replay(delivery)}
        >
          {webhooksLabels.drawer.replay}
        </Button>
      </span>
    </Tooltip>
  )
}

function Attempts({ delivery }: { delivery: WebhookLog }) {
  const { attempts, next_attempt_at: next, last_attempt_at: last, created_at: created } = delivery
  return (
    <section aria-label={webhooksLabels.drawer.result}>
      <p className={delivery.error ? 'text-danger-ink' : ''}>{explainDelivery(delivery)}</p>
      <dl className="mt-2 grid grid-cols-[96px_minmax(0,1fr)] gap-y-1">
        <Fact
          name={webhooksLabels.drawer.eventId}
          value={<code className="text-sm">{delivery.event_id}</code>}
        />
        <Fact name={webhooksLabels.created} value={<Moment at={created} />} />
        <Fact name={webhooksLabels.attempts} value={attempts} />
        {last && (
          <Fact
            name={webhooksLabels.drawer.lastAttempt}
            value={
              <>
                <Moment at={last} />
                {webhooksLabels.drawer.took(delivery.duration_ms)}
              </>
            }
          />
        )}
        {next && attempts > 0 && (
          <Fact
            name={webhooksLabels.drawer.nextAttempt}
            value={
              <>
                {webhooksLabels.drawer.in} <Countdown to={next} />
              </>
            }
          />
        )}
      </dl>
    </section>
  )
}

function Moment({ at }: { at: string }) {
  return <span title={formatExact(at)}>{formatMoment(at)}</span>
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{name}</dt>
      <dd className="figures min-w-0 break-words">{value}</dd>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      {children}
    </section>
  )
}

function headersOf({ id, url }: Webhook, { event }: WebhookLog): string {
  const { host, pathname, search } = new URL(url)
  return [
    `POST ${pathname}${search}`,
    `Host: ${host}`,
    'Content-Type: application/json',
    `X-Webhook-Id: ${id}`,
    'X-Webhook-Timestamp: (seconds since 1970)',
    `X-MailSage-Event: ${event}`,
    'X-Webhook-Signature: sha256=(hex)',
  ].join('\n')
}

function MessageButton({ payload }: { payload: WebhookLog['payload'] }) {
  const { data, type } = payload
  if (typeof data !== 'object' || data === null || !('email_id' in data) || 'test' in data) {
    return null
  }
  const id = String(data.email_id)
  return (
    <Button icon={Mail} onClick={() => go(type === 'captured' ? 'inbox' : 'outbox', id)}>
      {webhooksLabels.drawer.openMessage}
    </Button>
  )
}
