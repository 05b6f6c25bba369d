import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { routeHash } from '../../../app/router.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CopyButton, CopyText } from '../../../ui/copy.tsx'
import { formatExact } from '../../../ui/format.ts'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { openMessageLabels } from '../labels.ts'
import { useMessage } from '../message-store.ts'
import { loadTab } from '../message-tabs.ts'
import type { Delivery } from './delivery-details.ts'
import { Detail, Details } from './details.tsx'

export function DeliveryView({ message }: { message: InboxMessageDetail }) {
  const delivery = useMessage((state) => state.delivery)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
      <Envelope message={message} />
      {delivery.status === 'failed' && <Failure failure={delivery.failure} onRetry={loadTab} />}
      {delivery.status === 'loading' && <SkeletonRows count={4} height={28} />}
      {delivery.status === 'ready' && <ReceivedVia message={message} delivery={delivery.value} />}
    </div>
  )
}

function Envelope({ message: { envelope, bcc } }: { message: InboxMessageDetail }) {
  const hidden = new Set(bcc)
  return (
    <section aria-label={openMessageLabels.smtpEnvelope}>
      <h3 className="mb-2 font-semibold">{openMessageLabels.envelope}</h3>
      <Details>
        <Detail name="MAIL FROM" isMono>
          <CopyText text={envelope.mail_from}>{envelope.mail_from || '<>'}</CopyText>
        </Detail>
        <Detail name="RCPT TO" isMono>
          <div className="max-h-64 overflow-y-auto">
            {envelope.rcpt_to.map((address, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: recipients may repeat, and their order never changes
              <div key={index} className="flex items-center gap-2">
                <span className="min-w-0 truncate">
                  <CopyText text={address}>{address}</CopyText>
                </span>
                {hidden.has(address) && <Badge tone="warn">{openMessageLabels.bcc}</Badge>}
              </div>
            ))}
          </div>
        </Detail>
      </Details>
      {bcc.length > 0 && (
        <p className="mt-1.5 text-ink-faint text-sm">{openMessageLabels.bccNote}</p>
      )}
    </section>
  )
}

type ReceivedViaProps = { message: InboxMessageDetail; delivery: Delivery }

function ReceivedVia({ message, delivery: { transcript, captured, request } }: ReceivedViaProps) {
  const isSmtp = message.door === 'smtp'
  const address = transcript?.address ?? request?.address
  const client = transcript?.user_agent ?? request?.user_agent
  const requestId = transcript?.request_id ?? request?.request_id ?? captured?.request_id
  return (
    <>
      <section aria-label={openMessageLabels.receivedVia} className="mt-6">
        <h3 className="mb-2 font-semibold">{openMessageLabels.receivedVia}</h3>
        <Details>
          <Detail name={openMessageLabels.protocol}>
            {isSmtp ? openMessageLabels.smtp : openMessageLabels.http}
          </Detail>
          <Detail name={openMessageLabels.received}>{formatExact(message.received_at)}</Detail>
          <Detail name={openMessageLabels.inbox}>{message.inbox}</Detail>
          <Detail name={openMessageLabels.key}>
            {message.key_id ? (
              <a
                href={routeHash('keys', message.key_id)}
                className="text-sage-ink underline decoration-sage/50 underline-offset-2"
              >
                {captured?.key_name ?? message.key_id}
              </a>
            ) : (
              openMessageLabels.noKey
            )}
          </Detail>
          {address && (
            <Detail name={openMessageLabels.clientAddress} isMono>
              <CopyText text={address}>{address}</CopyText>
            </Detail>
          )}
          {client && (
            <Detail name={isSmtp ? openMessageLabels.ehlo : openMessageLabels.userAgent} isMono>
              <CopyText text={client}>{client}</CopyText>
            </Detail>
          )}
          {isSmtp && transcript && (
            <Detail name={openMessageLabels.encryption}>
              {transcript.tls ?? openMessageLabels.noEncryption}
            </Detail>
          )}
          {request && (
            <Detail name={openMessageLabels.request} isMono>
              {request.route} {request.status}
            </Detail>
          )}
          {requestId && (
            <Detail name={openMessageLabels.requestId} isMono>
              <CopyText text={requestId}>{requestId}</CopyText>
            </Detail>
          )}
          {(transcript ?? request) && (
            <Detail name={openMessageLabels.duration}>
              {Math.round(transcript?.duration_ms ?? request?.duration_ms ?? 0)} ms
            </Detail>
          )}
        </Details>
        {!transcript && !request && (
          <p className="mt-1.5 text-ink-faint text-sm">
            {isSmtp ? openMessageLabels.noTranscript : openMessageLabels.noRequest}
          </p>
        )}
      </section>
      {transcript && <Transcript lines={transcript.lines} />}
    </>
  )
}

function Transcript({ lines }: { lines: NonNullable<Delivery['transcript']>['lines'] }) {
  const letter = { client: 'C', server: 'S' } as const
  const text = lines.map(({ from, line }) => `${letter[from]}: ${line}`).join('\n')
  return (
    <section aria-label={openMessageLabels.transcript} className="mt-6">
      <div className="mb-2 flex h-7 items-center gap-2">
        <h3 className="flex-1 font-semibold">{openMessageLabels.transcript}</h3>
        <CopyButton text={text} label={openMessageLabels.copy} />
      </div>
      <ol
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border-line bg-sunken py-2 font-mono text-sm leading-5"
      >
        {lines.map(({ from, line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines may repeat, and their order never changes
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

/** Error replies are red. */
function toneOf(from: 'client' | 'server', line: string): string {
  if (from === 'client') return 'text-test-ink'
  return /^[45]\d\d/.test(line) ? 'text-danger-ink' : 'text-sage-ink'
}
