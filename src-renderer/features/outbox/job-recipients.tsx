import { useVirtualizer } from '@tanstack/react-virtual'
import { Users } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { BatchJob, JobDelivery } from '../../../src-main/contract/jobs.ts'
import { jobDeliveryStatuses } from '../../../src-main/contract/jobs.ts'
import { routeHash } from '../../app/router.ts'
import { formatCount } from '../../ui/format.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { recipientStatuses } from './job-icons.ts'
import {
  filterRecipients,
  loadMoreRecipients,
  loadRecipients,
  type RecipientFilter,
  useJobs,
} from './jobs-store.ts'
import { jobLabels, statusLabels } from './labels.ts'
import { StatusLabel } from './status-label.tsx'

const rowHeight = 32

const filterOptions = [
  { value: 'all' as RecipientFilter, label: jobLabels.allStatuses },
  ...jobDeliveryStatuses
    .filter((status) => status !== 'sent')
    .map((value) => ({
      value: value as RecipientFilter,
      label: statusLabels[recipientStatuses[value]],
    })),
]

export function JobRecipients({ job }: { job: BatchJob }) {
  const { recipients, filter, total } = useJobs()
  return (
    <section
      aria-label={jobLabels.recipients}
      className="flex min-h-0 flex-1 flex-col border-line border-t"
    >
      <div className="flex h-11 shrink-0 items-center gap-2 border-line border-b pr-3 pl-5">
        <h3 className="font-semibold">{jobLabels.recipients}</h3>
        <span className="figures flex-1 text-ink-faint">
          {recipients.status === 'ready' && formatCount(total)}
        </span>
        <Select
          label={jobLabels.statusFilter}
          value={filter}
          onChange={filterRecipients}
          options={filterOptions}
        />
      </div>
      {recipients.status === 'failed' && (
        <Failure failure={recipients.failure} onRetry={() => void loadRecipients()} />
      )}
      {recipients.status === 'loading' && <SkeletonRows count={8} height={rowHeight} />}
      {recipients.status === 'ready' &&
        (recipients.value.length === 0 ? (
          <Empty icon={Users} title={jobLabels.noRecipients}>
            {jobLabels.noRecipientsAdvice}
          </Empty>
        ) : (
          <Rows key={`${job.id} ${filter}`} recipients={recipients.value} />
        ))}
    </section>
  )
}

function Rows({ recipients }: { recipients: readonly JobDelivery[] }) {
  const total = useJobs((state) => state.total)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: recipients.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (recipients.length < total && lastShown >= recipients.length - 30) void loadMoreRecipients()
  }, [recipients.length, total, lastShown])
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <ul
        aria-label={jobLabels.recipients}
        className="@container relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const delivery = recipients[index]
          if (!delivery) return null
          return (
            <li
              key={delivery.id}
              className="absolute inset-x-0 top-0 border-line border-b"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            >
              <Recipient delivery={delivery} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Recipient({ delivery }: { delivery: JobDelivery }) {
  const { recipient, status, error, email_id: emailId } = delivery
  const rowStyle = 'flex h-full items-center gap-3 pr-4 pl-5'
  const content = (
    <>
      <StatusLabel
        of={recipientStatuses[status]}
        className="w-[88px] shrink-0 font-medium text-sm"
      />
      <span
        title={recipient}
        className="w-40 @min-[560px]:w-56 shrink-0 truncate font-mono text-sm"
      >
        {recipient}
      </span>
      <span
        title={error ?? undefined}
        className="min-w-0 flex-1 truncate font-mono text-ink-faint text-sm"
      >
        {error}
      </span>
    </>
  )
  if (emailId === null) return <div className={rowStyle}>{content}</div>
  return (
    <a
      href={routeHash('outbox', emailId)}
      className={`${rowStyle} cursor-default hover:bg-hover focus-visible:-outline-offset-2`}
    >
      {content}
    </a>
  )
}
