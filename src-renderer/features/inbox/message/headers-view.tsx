import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CopyText } from '../../../ui/copy.tsx'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { loadTab, useMessage } from '../message-store.ts'

export function HeadersView({ message }: { message: InboxMessageDetail }) {
  const headers = useMessage((state) => state.headers)
  if (headers.status === 'failed') return <Failure failure={headers.failure} onRetry={loadTab} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
      <Envelope message={message} />
      <h3 className="mt-6 mb-2 font-semibold">Headers</h3>
      {headers.status === 'ready' ? (
        <table className="w-full table-fixed text-left">
          <colgroup>
            <col className="w-36" />
            <col />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th>Name</th>
              <th>Value</th>
            </tr>
          </thead>
          <tbody>
            {headers.value.map(({ name, value }, index) => (
              // A header may come twice, and the order is part of what it says.
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
              <tr key={index} className="border-line border-t align-top">
                <th scope="row" className="break-words py-1.5 pr-3 font-medium text-ink-muted">
                  {name}
                </th>
                <td dir="auto" className="break-words py-1.5 font-mono text-sm leading-5">
                  {value}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <SkeletonRows count={5} height={36} />
      )}
    </div>
  )
}

function Envelope({ message: { envelope, bcc } }: { message: InboxMessageDetail }) {
  const hidden = new Set(bcc)
  return (
    <section aria-label="SMTP envelope">
      <h3 className="mb-2 font-semibold">SMTP envelope</h3>
      <dl className="grid grid-cols-[132px_1fr] gap-y-1 rounded-lg border border-line bg-sunken px-3 py-2.5">
        <dt className="text-ink-muted">MAIL FROM</dt>
        <dd className="min-w-0 font-mono text-sm leading-5">
          <CopyText text={envelope.mail_from}>{envelope.mail_from || '<>'}</CopyText>
        </dd>
        <dt className="text-ink-muted">RCPT TO</dt>
        <dd className="max-h-64 min-w-0 space-y-0.5 overflow-y-auto font-mono text-sm leading-5">
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
        </dd>
      </dl>
    </section>
  )
}
