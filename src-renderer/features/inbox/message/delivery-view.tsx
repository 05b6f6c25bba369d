import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { routeHash } from '../../../app/router.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CopyButton, CopyText } from '../../../ui/copy.tsx'
import { formatExact } from '../../../ui/format.ts'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { useMessage } from '../message-store.ts'
import { loadTab } from '../message-tabs.ts'
import type { Delivery } from './delivery-details.ts'
import { Fact, Facts } from './details.tsx'

export function DeliveryView({ message }: { message: InboxMessageDetail }) {
  const delivery = useMessage((state) => state.delivery)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
      <Envelope message={message} />
      {delivery.status === 'failed' && <Failure failure={delivery.failure} onRetry={loadTab} />}
      {delivery.status === 'loading' && <SkeletonRows count={4} height={28} />}
      {delivery.status === 'ready' && <Arrival message={message} delivery={delivery.value} />}
    </div>
  )
}

function Envelope({ message: { envelope, bcc } }: { message: InboxMessageDetail }) {
  const hidden = new Set(bcc)
  return (
    <section aria-label="SMTP envelope">
      <h3 className="mb-2 font-semibold">Envelope</h3>
      <Facts>
        <Fact name="MAIL FROM" isMono>
          <CopyText text={envelope.mail_from}>{envelope.mail_from || '<>'}</CopyText>
        </Fact>
        <Fact name="RCPT TO" isMono>
          <div className="max-h-64 overflow-y-auto">
            {envelope.rcpt_to.map((address, index) => (
              // The same recipient may be named twice.
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
              <div key={index} className="flex items-center gap-2">
                <span className="min-w-0 truncate">
                  <CopyText text={address}>{address}</CopyText>
                </span>
                {hidden.has(address) && <Badge tone="warn">Bcc</Badge>}
              </div>
            ))}
          </div>
        </Fact>
      </Facts>
      {bcc.length > 0 && (
        <p className="mt-1.5 text-ink-faint text-sm">
          Hidden recipients stand in the envelope and in no header; readers cannot see them.
        </p>
      )}
    </section>
  )
}

type ArrivalProps = { message: InboxMessageDetail; delivery: Delivery }

function Arrival({ message, delivery: { transcript, captured, request } }: ArrivalProps) {
  const isSmtp = message.door === 'smtp'
  const address = transcript?.address ?? request?.address
  const client = transcript?.user_agent ?? request?.user_agent
  const requestId = transcript?.request_id ?? request?.request_id ?? captured?.request_id
  return (
    <>
      <section aria-label="Arrival" className="mt-6">
        <h3 className="mb-2 font-semibold">How it came</h3>
        <Facts>
          <Fact name="Door">{isSmtp ? 'SMTP' : 'HTTP'}</Fact>
          <Fact name="Received">{formatExact(message.received_at)}</Fact>
          <Fact name="Inbox">{message.inbox}</Fact>
          <Fact name="Key">
            {message.key_id ? (
              <a
                href={routeHash('keys', message.key_id)}
                className="text-sage-ink underline decoration-sage/50 underline-offset-2"
              >
                {captured?.key_name ?? message.key_id}
              </a>
            ) : (
              'Without a key, from this machine'
            )}
          </Fact>
          {address && (
            <Fact name="From address" isMono>
              <CopyText text={address}>{address}</CopyText>
            </Fact>
          )}
          {client && (
            <Fact name={isSmtp ? 'EHLO' : 'User-Agent'} isMono>
              <CopyText text={client}>{client}</CopyText>
            </Fact>
          )}
          {isSmtp && transcript && (
            <Fact name="Encryption">{transcript.tls ?? 'None: not encrypted'}</Fact>
          )}
          {request && (
            <Fact name="Request" isMono>
              {request.route} {request.status}
            </Fact>
          )}
          {requestId && (
            <Fact name="Request id" isMono>
              <CopyText text={requestId}>{requestId}</CopyText>
            </Fact>
          )}
          {(transcript ?? request) && (
            <Fact name="Took">
              {Math.round(transcript?.duration_ms ?? request?.duration_ms ?? 0)} ms
            </Fact>
          )}
        </Facts>
        {!transcript && !request && (
          <p className="mt-1.5 text-ink-faint text-sm">
            {isSmtp
              ? 'The conversation is no longer kept.'
              : 'The request itself is not in the access log: this window’s own requests and old ones are not.'}
          </p>
        )}
      </section>
      {transcript && <Transcript lines={transcript.lines} />}
    </>
  )
}

function Transcript({ lines }: { lines: NonNullable<Delivery['transcript']>['lines'] }) {
  const letter = { client: 'C', server: 'S' } as const
  const written = lines.map(({ from, line }) => `${letter[from]}: ${line}`).join('\n')
  return (
    <section aria-label="SMTP transcript" className="mt-6">
      <div className="mb-2 flex h-7 items-center gap-2">
        <h3 className="flex-1 font-semibold">SMTP transcript</h3>
        <CopyButton text={written} label="Copy" />
      </div>
      <ol
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border-line bg-sunken py-2 font-mono text-sm leading-5"
      >
        {lines.map(({ from, line }, index) => (
          // Nothing tells two equal lines apart but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
          <li key={index} className="flex gap-3 whitespace-pre px-3 hover:bg-hover">
            <span className={`w-6 shrink-0 font-semibold ${toneOf(from, line)}`}>
              {letter[from]}:
            </span>
            <span className={from === 'client' ? '' : 'text-ink-muted'}>{line}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What the server refused stands out. */
function toneOf(from: 'client' | 'server', line: string): string {
  if (from === 'client') return 'text-test-ink'
  return /^[45]\d\d/.test(line) ? 'text-danger-ink' : 'text-sage-ink'
}
