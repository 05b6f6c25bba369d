import { useState } from 'react'
import type { InboxMessageDetail } from '../../../../src-main/contract/messages.ts'
import type { Address } from '../../../../src-main/contract/wire.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CopyText } from '../../../ui/copy.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { inboxLabels, openMessageLabels } from '../labels.ts'

const maxCollapsed = 4

export function MessageHeader({ message }: { message: InboxMessageDetail }) {
  const { from, to, cc, bcc, reply_to, subject } = message
  return (
    <header className="shrink-0 px-5 pt-4 pb-3">
      <h2 dir="auto" className="line-clamp-2 break-words text-left font-semibold text-xl">
        {subject || inboxLabels.noSubject}
      </h2>
      <div className="mt-3 flex gap-3">
        <Initial address={from} />
        <dl className="grid min-w-0 flex-1 grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
          <dt className="text-ink-faint">{openMessageLabels.from}</dt>
          <dd className="min-w-0 truncate">
            <AddressText address={from} strong />
          </dd>
          <AddressRow name={openMessageLabels.to} addresses={to} />
          <AddressRow name={openMessageLabels.cc} addresses={cc} />
          <AddressRow name={openMessageLabels.replyTo} addresses={reply_to} />
          {bcc.length > 0 && (
            <AddressRow
              name={openMessageLabels.bcc}
              addresses={bcc.map((address) => ({ name: null, address }))}
              note={openMessageLabels.bccHint}
            />
          )}
        </dl>
      </div>
    </header>
  )
}

type AddressRowProps = { name: string; addresses: readonly Address[]; note?: string }

function AddressRow({ name, addresses, note }: AddressRowProps) {
  const [isAll, setAll] = useState(false)
  if (addresses.length === 0) return null
  const shown = isAll ? addresses : addresses.slice(0, maxCollapsed)
  const rest = addresses.length - shown.length
  return (
    <>
      <dt className="text-ink-faint">
        {note ? (
          <Tooltip label={note}>
            <span>
              <Badge tone="warn">{name}</Badge>
            </span>
          </Tooltip>
        ) : (
          name
        )}
      </dt>
      <dd className="flex max-h-40 min-w-0 flex-wrap gap-x-2 overflow-y-auto">
        {shown.map((address, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: addresses may repeat, and their order never changes
          <span key={index} className="min-w-0 truncate">
            <AddressText address={address} />
          </span>
        ))}
        {rest > 0 && (
          <button
            type="button"
            onClick={() => setAll(true)}
            className="rounded-sm px-1 font-medium text-sage-ink hover:bg-sage-soft"
          >
            {openMessageLabels.more(rest)}
          </button>
        )}
      </dd>
    </>
  )
}

function AddressText({
  address: { name, address },
  strong,
}: {
  address: Address
  strong?: boolean
}) {
  return (
    <CopyText text={address} hint={openMessageLabels.copyAddress}>
      {name && <bdi className={strong ? 'mr-1.5 font-semibold' : 'mr-1.5'}>{name}</bdi>}
      <bdi className={name ? 'text-ink-muted' : ''}>{address || inboxLabels.noSender}</bdi>
    </CopyText>
  )
}

function Initial({ address: { name, address } }: { address: Address }) {
  const [initial = '?'] = (name || address || '?').trim()
  return (
    <span
      aria-hidden
      className="flex size-8 shrink-0 items-center justify-center rounded-full bg-sage-soft font-semibold text-sage-ink"
    >
      {initial.toUpperCase()}
    </span>
  )
}
