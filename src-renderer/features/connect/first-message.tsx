import { CircleAlert, CircleCheck, Send } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { routeHash } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { formatDistance } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { ConnectStatus } from './connect-status.ts'
import { pollUnauthenticated, sendTestMessage, useConnect, waitAgain } from './connect-store.ts'
import { connectLabels } from './labels.ts'
import { adviceFor } from './refusals.ts'

const pollMs = 4000

const styles = {
  waiting: 'border-line bg-sunken',
  arrived: 'border-sage bg-sage-soft',
  anonymous: 'border-transparent bg-warn-soft',
  refused: 'border-transparent bg-danger-soft',
} as const

/** Shows the first message of the app, or the refusal that occurred instead. */
export function FirstMessage({
  keyName,
  secret,
}: {
  keyName: string | null
  secret: string | null
}) {
  const { status, subject, isSending } = useConnect()
  useUnauthenticatedPolling(status.type !== 'arrived')
  return (
    <section
      aria-label={connectLabels.first.label}
      className={classes(
        'flex min-h-[72px] flex-wrap items-center gap-3 rounded-lg border px-4 py-2 transition-colors',
        styles[status.type],
      )}
    >
      <StatusIcon type={status.type} />
      <div role="status" className="min-w-0 flex-1 basis-48">
        <StatusText status={status} subject={subject} keyName={keyName} />
      </div>
      {(status.type === 'refused' || status.type === 'anonymous') && (
        <Button onClick={waitAgain}>{connectLabels.first.waitAgain}</Button>
      )}
      <Tooltip
        label={secret === null ? connectLabels.first.needsSecret : connectLabels.first.sendHint}
      >
        {/* A disabled button fires no pointer events, so the tooltip is on the span. */}
        <span>
          <Button
            icon={Send}
            disabled={secret === null}
            busy={isSending}
            onClick={() => secret !== null && sendTestMessage(secret).catch(toastFailure)}
          >
            {connectLabels.sendTest}
          </Button>
        </span>
      </Tooltip>
    </section>
  )
}

function StatusIcon({ type }: { type: ConnectStatus['type'] }) {
  if (type === 'waiting') {
    return <span className="mx-1 size-2 shrink-0 animate-breathe rounded-full bg-sage" />
  }
  const isGood = type === 'arrived'
  return (
    <Icon
      of={isGood ? CircleCheck : CircleAlert}
      size={18}
      className={classes(
        'shrink-0',
        isGood ? 'text-sage-ink' : type === 'anonymous' ? 'text-warn-ink' : 'text-danger-ink',
      )}
    />
  )
}

type StatusTextProps = { status: ConnectStatus; subject: string | null; keyName: string | null }

function StatusText({ status, subject, keyName }: StatusTextProps) {
  const now = useNow(10_000)
  switch (status.type) {
    case 'waiting':
      return (
        <Lines
          title={connectLabels.first.waiting}
          text={keyName ? connectLabels.first.waitingFor(keyName) : connectLabels.first.noKey}
        />
      )
    case 'arrived': {
      const { count, protocol, at, messageId, isLive } = status
      const title =
        count === 1
          ? connectLabels.first.received(protocol)
          : connectLabels.first.receivedMany(count)
      return (
        <Lines
          tone="text-sage-ink"
          title={title}
          text={
            <>
              {messageId && (
                <Link href={routeHash(isLive ? 'outbox' : 'inbox', messageId)}>
                  {connectLabels.first.open(subject)}
                </Link>
              )}{' '}
              {formatDistance(at, Math.max(now, Date.parse(at)))}
            </>
          }
        />
      )
    }
    case 'anonymous':
      return (
        <Lines
          tone="text-warn-ink"
          title={connectLabels.first.anonymous}
          text={
            <>
              {connectLabels.first.anonymousHint}{' '}
              {status.messageId && (
                <Link href={routeHash('inbox', status.messageId)}>
                  {connectLabels.first.open(null)}
                </Link>
              )}
            </>
          }
        />
      )
    case 'refused':
      return <Refused status={status} />
  }
}

function Refused({ status }: { status: Extract<ConnectStatus, { type: 'refused' }> }) {
  const { problem, fix } = adviceFor(status.fault)
  const request = [status.status, status.route].filter(Boolean).join(' ')
  return (
    <Lines
      tone="text-danger-ink"
      title={`${problem} (${request})`}
      text={
        <>
          {!status.isThisKey && connectLabels.first.noValidKey}
          {fix}{' '}
          {status.logId !== null && (
            <Link href={routeHash('logs', String(status.logId))}>
              {connectLabels.first.showInLog}
            </Link>
          )}
        </>
      }
    />
  )
}

function Lines({ title, text, tone }: { title: string; text: ReactNode; tone?: string }) {
  return (
    <>
      <p className={classes('truncate font-medium', tone)} title={title}>
        {title}
      </p>
      <p className="text-ink-muted text-sm">{text}</p>
    </>
  )
}

function Link({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="font-medium text-sage-ink underline underline-offset-2">
      {children}
    </a>
  )
}

function useUnauthenticatedPolling(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const since = new Date().toISOString()
    const timer = setInterval(() => {
      // A failed poll is ignored; the next one tries again.
      if (!document.hidden) pollUnauthenticated(since).catch(() => undefined)
    }, pollMs)
    return () => clearInterval(timer)
  }, [enabled])
}
