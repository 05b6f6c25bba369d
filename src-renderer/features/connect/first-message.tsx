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
import type { FirstSign } from './connect-status.ts'
import { lookForJunk, sendTestMessage, useConnect, waitAgain } from './connect-store.ts'
import { adviceFor } from './refusals.ts'

const junkEveryMs = 4000

const looks = {
  waiting: 'border-line bg-sunken',
  arrived: 'border-sage bg-sage-soft',
  unsigned: 'border-transparent bg-warn-soft',
  refused: 'border-transparent bg-danger-soft',
} as const

/** Waits for the app’s first message, and says what came instead. */
export function FirstMessage({
  keyName,
  secret,
}: {
  keyName: string | null
  secret: string | null
}) {
  const { sign, subject, isSending } = useConnect()
  useJunkWatch(sign.type !== 'arrived')
  return (
    <section
      aria-label="First message"
      className={classes(
        'flex min-h-[72px] items-center gap-3 rounded-lg border px-4 py-2 transition-colors',
        looks[sign.type],
      )}
    >
      <Sign type={sign.type} />
      <div role="status" className="min-w-0 flex-1">
        <Words sign={sign} subject={subject} keyName={keyName} />
      </div>
      {(sign.type === 'refused' || sign.type === 'unsigned') && (
        <Button onClick={waitAgain}>Wait again</Button>
      )}
      <Tooltip
        label={
          secret === null
            ? 'Needs a key whose secret is known here: create a test key first'
            : 'Sends one through the HTTP API with this key'
        }
      >
        {/* A disabled button hears no pointer; the tip needs something that does. */}
        <span>
          <Button
            icon={Send}
            disabled={secret === null}
            busy={isSending}
            onClick={() => secret !== null && sendTestMessage(secret).catch(toastFailure)}
          >
            Send a test message
          </Button>
        </span>
      </Tooltip>
    </section>
  )
}

function Sign({ type }: { type: FirstSign['type'] }) {
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
        isGood ? 'text-sage-ink' : type === 'unsigned' ? 'text-warn-ink' : 'text-danger-ink',
      )}
    />
  )
}

type WordsProps = { sign: FirstSign; subject: string | null; keyName: string | null }

function Words({ sign, subject, keyName }: WordsProps) {
  const now = useNow(10_000)
  switch (sign.type) {
    case 'waiting':
      return (
        <Lines
          title="Waiting for the first message"
          text={
            keyName
              ? `Run the code below: what comes with “${keyName}” shows up here.`
              : 'Choose or create a key, then run the code below.'
          }
        />
      )
    case 'arrived': {
      const { count, door, at, messageId, isLive } = sign
      const title =
        count === 1
          ? `Connected: a message came over ${door === 'smtp' ? 'SMTP' : 'HTTP'}`
          : `Connected: ${count.toLocaleString()} messages came`
      return (
        <Lines
          tone="text-sage-ink"
          title={title}
          text={
            <>
              {messageId && (
                <Link href={routeHash(isLive ? 'outbox' : 'inbox', messageId)}>
                  {subject === null ? 'Open the message' : `Open “${subject}”`}
                </Link>
              )}{' '}
              {formatDistance(at, Math.max(now, Date.parse(at)))}
            </>
          }
        />
      )
    }
    case 'unsigned':
      return (
        <Lines
          tone="text-warn-ink"
          title="A message came, but without a key"
          text={
            <>
              Let the client sign in: user “mailsage”, password the key.{' '}
              {sign.messageId && (
                <Link href={routeHash('inbox', sign.messageId)}>Open the message</Link>
              )}
            </>
          }
        />
      )
    case 'refused':
      return <Refused sign={sign} />
  }
}

function Refused({ sign }: { sign: Extract<FirstSign, { type: 'refused' }> }) {
  const { what, change } = adviceFor(sign.fault)
  const where = [sign.status, sign.route].filter(Boolean).join(' ')
  return (
    <Lines
      tone="text-danger-ink"
      title={`${what} (${where})`}
      text={
        <>
          {!sign.isThisKey && 'It came without a valid key. '}
          {change}{' '}
          {sign.logId !== null && (
            <Link href={routeHash('logs', String(sign.logId))}>See it in the log</Link>
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

function useJunkWatch(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const since = new Date().toISOString()
    const timer = setInterval(() => {
      // Whatever keeps the log from answering, the strip goes on waiting.
      if (!document.hidden) lookForJunk(since).catch(() => undefined)
    }, junkEveryMs)
    return () => clearInterval(timer)
  }, [enabled])
}
