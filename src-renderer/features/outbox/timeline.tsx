import type { LucideIcon } from 'lucide-react'
import { Ban, CalendarClock, Hourglass, Inbox, RotateCw, Send } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { explainReply } from '../../../src-main/contract/smtp-replies.ts'
import { classes } from '../../ui/classes.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { formatBytes, formatExact } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useNow } from '../../ui/use-now.ts'
import { statusLabels, timelineLabels } from './labels.ts'
import { statusIcons } from './outbox-icons.ts'
import { useOutbox } from './outbox-store.ts'
import { refreshSent, useSent } from './sent-store.ts'
import { type TimelineEntry, timelineOf } from './timeline-entries.ts'

export function Timeline({ message }: { message: EmailDetail }) {
  const log = useSent((state) => state.log)
  const entries = useMemo(
    () => (log.status === 'ready' ? timelineOf(log.value, message.deliveries) : []),
    [log, message.deliveries],
  )
  if (log.status === 'failed') {
    return <Failure failure={log.failure} onRetry={() => void refreshSent()} />
  }
  if (log.status !== 'ready') return <SkeletonRows count={3} height={56} />
  const { scheduled_at: scheduledAt } = message
  return (
    <ol aria-label={timelineLabels.timeline}>
      {entries.length === 0 && (
        <Step
          icon={CalendarClock}
          ink="text-ink-muted"
          at={message.created_at}
          title={timelineLabels.accepted}
        >
          <Line>{timelineLabels.storedForLater}</Line>
        </Step>
      )}
      {entries.map((entry) => (
        <Entry key={entry.key} entry={entry} />
      ))}
      {scheduledAt && message.status === 'scheduled' && (
        <Step
          icon={Hourglass}
          ink="text-ink-faint"
          at={null}
          title={timelineLabels.scheduled}
          isFuture
        >
          <Line>
            <Countdown to={scheduledAt} />
          </Line>
        </Step>
      )}
      {scheduledAt && message.status === 'cancelled' && (
        <Step
          icon={Ban}
          ink="text-ink-faint"
          at={null}
          title={timelineLabels.cancelledBeforeSending}
        />
      )}
    </ol>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { at } = entry
  switch (entry.type) {
    case 'accepted':
      return (
        <Step
          icon={Inbox}
          ink="text-ink-muted"
          at={at}
          title={timelineLabels.acceptedOver(entry.protocol)}
        >
          {entry.sizeBytes !== null && <Line>{formatBytes(entry.sizeBytes)}</Line>}
        </Step>
      )
    case 'sending':
      return (
        <Step icon={Send} ink="text-test-ink" at={at} title={timelineLabels.sending}>
          <Line>{timelineLabels.awaitingReply(formatRecipients(entry.recipients))}</Line>
        </Step>
      )
    case 'retried':
      return (
        <Step icon={RotateCw} ink="text-ink-muted" at={at} title={timelineLabels.retried}>
          <Line>{timelineLabels.forRecipients(formatRecipients(entry.recipients))}</Line>
        </Step>
      )
    case 'cancelled':
      return (
        <Step icon={Ban} ink="text-ink-faint" at={at} title={timelineLabels.cancelled}>
          <Line>{timelineLabels.forRecipients(formatRecipients(entry.recipients))}</Line>
        </Step>
      )
    case 'next':
      return (
        <Step
          icon={Hourglass}
          ink="text-ink-faint"
          at={null}
          title={entry.isFirst ? timelineLabels.firstAttempt : timelineLabels.nextAttempt}
          isFuture
        >
          <Line>
            <NextAttempt at={at} />
            {timelineLabels.nextFor(formatRecipients(entry.recipients))}
          </Line>
        </Step>
      )
    case 'attempt':
      return <Attempt entry={entry} />
  }
}

/** While a relay is unavailable, mail waits for it and is sent as soon as it replies. */
function NextAttempt({ at }: { at: string }) {
  const waitsForRelay = useOutbox(
    ({ summary }) => summary.status === 'ready' && summary.value.relays.unreachable.length > 0,
  )
  const isDue = useNow(1000, waitsForRelay) >= Date.parse(at)
  if (waitsForRelay && isDue) return timelineLabels.whenRelayReplies
  return (
    <>
      <Countdown to={at} />
      {waitsForRelay && timelineLabels.orWhenRelayReplies}
    </>
  )
}

function Attempt({ entry }: { entry: Extract<TimelineEntry, { type: 'attempt' }> }) {
  const { outcome, recipients, attempt, relay, durationMs, reply, skippedRelays, at } = entry
  const isHeld = outcome === 'deferred' && relay === null
  const { icon, ink } = statusIcons[outcome]
  const meaning = reply === null ? null : explainReply(reply)
  const facts = [
    relay === null ? null : timelineLabels.via(relay),
    durationMs === null ? null : formatDuration(durationMs),
    attempt > 1 ? timelineLabels.attempt(attempt) : null,
  ].filter((fact) => fact !== null)
  const title = isHeld ? timelineLabels.onHold : statusLabels[outcome]
  return (
    <Step icon={icon} ink={ink} at={at} title={title} facts={facts.join(' · ')}>
      <Line>{formatRecipients(recipients)}</Line>
      {skippedRelays.map(({ relay: name, reply: text }) => (
        <Line key={name}>
          {timelineLabels.unreachable(name)} <span className="font-mono text-sm">{text}</span>
        </Line>
      ))}
      {reply && (
        <blockquote className="mt-1 break-words rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm leading-5">
          {reply}
        </blockquote>
      )}
      {meaning && outcome !== 'delivered' && <p className="mt-1 text-ink-muted">{meaning}</p>}
    </Step>
  )
}

type StepProps = {
  icon: LucideIcon
  ink: string
  at: string | null
  title: string
  facts?: string
  isFuture?: boolean
  children?: ReactNode
}

function Step({ icon, ink, at, title, facts, isFuture, children }: StepProps) {
  return (
    <li className="group relative flex gap-3 pb-5 last:pb-2">
      <span
        aria-hidden
        className={classes(
          'absolute top-6 bottom-0 left-[11px] w-px bg-line group-last:hidden',
          isFuture && 'bg-transparent',
        )}
      />
      <span
        className={classes(
          'z-10 flex size-6 shrink-0 items-center justify-center rounded-full border bg-canvas',
          isFuture ? 'border-line-strong border-dashed' : 'border-line',
          ink,
        )}
      >
        <Icon of={icon} size={13} />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <div className="flex items-baseline gap-2">
          <span className={classes('shrink-0 font-medium', isFuture ? 'text-ink-muted' : ink)}>
            {title}
          </span>
          <span title={facts} className="figures min-w-0 flex-1 truncate text-ink-faint text-sm">
            {facts}
          </span>
          {at && (
            <time
              dateTime={at}
              title={formatExact(at)}
              className="figures shrink-0 text-ink-faint text-sm"
            >
              {formatSeconds(at)}
            </time>
          )}
        </div>
        {children}
      </div>
    </li>
  )
}

function Line({ children }: { children: ReactNode }) {
  return <p className="break-words text-ink-muted">{children}</p>
}

function formatRecipients(recipients: readonly string[]): string {
  const [first = timelineLabels.noRecipient, second] = recipients
  if (recipients.length === 1) return first
  if (recipients.length === 2) return timelineLabels.two(first, second ?? '')
  return timelineLabels.many(first, recipients.length - 1)
}

function formatDuration(ms: number): string {
  return ms < 1000
    ? timelineLabels.milliseconds(Math.round(ms))
    : timelineLabels.seconds((ms / 1000).toFixed(1))
}

const today = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const earlier = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

function formatSeconds(at: string): string {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return (isToday ? today : earlier).format(date)
}
