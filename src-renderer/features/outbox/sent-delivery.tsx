import { useState } from 'react'
import type { Delivery, EmailDetail } from '../../../src-main/contract/messages.ts'
import { CopyText } from '../../ui/copy.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { formatCount } from '../../ui/format.ts'
import { sentLabels, timelineLabels } from './labels.ts'
import { StatusLabel } from './status-label.tsx'
import { Timeline } from './timeline.tsx'

const maxCollapsed = 6

export function SentDelivery({ message }: { message: EmailDetail }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
      {message.deliveries.length > 0 && <Recipients deliveries={message.deliveries} />}
      <h3 className="mb-3 font-semibold">{timelineLabels.timeline}</h3>
      <Timeline message={message} />
    </div>
  )
}

function Recipients({ deliveries }: { deliveries: readonly Delivery[] }) {
  const [isAll, setAll] = useState(false)
  const sorted = deliveries.toSorted((one, other) => rank(one) - rank(other))
  const shown = isAll ? sorted : sorted.slice(0, maxCollapsed)
  return (
    <section aria-label={sentLabels.recipients} className="@container mb-6">
      <h3 className="mb-2 font-semibold">
        {sentLabels.recipients}{' '}
        {deliveries.length > 1 && (
          <span className="figures font-normal text-ink-faint">
            {formatCount(deliveries.length)}
          </span>
        )}
      </h3>
      <ul className="overflow-hidden rounded-lg border border-line">
        {shown.map((delivery, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: recipients may repeat
          <Recipient key={`${delivery.recipient} ${index}`} delivery={delivery} />
        ))}
        {shown.length < deliveries.length && (
          <li className="border-line border-t">
            <button
              type="button"
              onClick={() => setAll(true)}
              className="h-8 w-full text-center font-medium text-sage-ink hover:bg-hover focus-visible:-outline-offset-2"
            >
              {sentLabels.showAll(formatCount(deliveries.length))}
            </button>
          </li>
        )}
      </ul>
    </section>
  )
}

function Recipient({ delivery }: { delivery: Delivery }) {
  const { recipient, status, relay, attempts, next_attempt_at } = delivery
  return (
    <li className="flex h-8 items-center gap-3 border-line border-t px-3 first:border-t-0">
      <StatusLabel of={status} className="w-[88px] shrink-0 font-medium text-sm" />
      <span className="min-w-0 flex-1 truncate font-mono text-sm">
        <CopyText text={recipient}>{recipient}</CopyText>
      </span>
      <span className="figures shrink-0 text-ink-faint text-sm">
        {next_attempt_at && status === 'deferred' ? (
          <Countdown to={next_attempt_at} />
        ) : (
          attempts > 1 && sentLabels.attempts(attempts)
        )}
      </span>
      {relay && (
        <span
          title={relay}
          className="@max-[440px]:hidden max-w-28 shrink-0 truncate text-ink-faint text-sm"
        >
          {relay}
        </span>
      )}
    </li>
  )
}

/** The worst status comes first. */
const order: readonly Delivery['status'][] = [
  'failed',
  'bounced',
  'deferred',
  'sending',
  'queued',
  'cancelled',
  'delivered',
]
const rank = ({ status }: Delivery): number => order.indexOf(status)
