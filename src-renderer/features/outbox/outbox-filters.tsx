import { useEffect, useState } from 'react'
import { outboxCountedUpTo, outboxFilters } from '../../../src-main/contract/outbox.ts'
import { formatCount } from '../../ui/format.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import type { Filter } from './outbox-rows.ts'
import { narrow, useOutbox } from './outbox-store.ts'

const everyKey = '*'
const pauseMs = 120

const names: Readonly<Record<Filter, string>> = {
  all: 'All',
  waiting: 'Waiting',
  delivered: 'Delivered',
  bounced: 'Bounced',
  failed: 'Failed',
  scheduled: 'Scheduled',
  cancelled: 'Cancelled',
}
const order: readonly Filter[] = ['all', ...outboxFilters]

export function OutboxFilters({ onLeaveSearch }: { onLeaveSearch: () => void }) {
  const { filter, keyId, keys } = useOutbox()
  return (
    <div className="flex h-11 shrink-0 items-center gap-2 border-line border-b px-3">
      <Segmented
        label="Status"
        value={filter}
        onChange={(next) => narrow({ filter: next })}
        options={order.map((value) => ({
          value,
          label: (
            <>
              {names[value]}
              <Count of={value} />
            </>
          ),
        }))}
      />
      {keys.length > 1 && (
        <Select
          label="Key"
          className="max-w-36 min-w-0 [&>span]:truncate"
          value={keyId ?? everyKey}
          onChange={(value) => narrow({ keyId: value === everyKey ? null : value })}
          options={[
            { value: everyKey, label: 'Every key' },
            ...keys.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <OutboxSearch onLeave={onLeaveSearch} />
    </div>
  )
}

function Count({ of }: { of: Filter }) {
  const summary = useOutbox((state) => state.summary)
  if (summary.status !== 'ready') return null
  const { counts } = summary.value
  const count = of === 'all' ? null : counts[of]
  if (count === null || count === 0) return null
  const isMore = count >= outboxCountedUpTo
  return (
    <span className="figures font-normal text-ink-faint">
      {isMore ? `${outboxCountedUpTo / 1000}k+` : formatCount(count)}
    </span>
  )
}

export function focusOutboxSearch(): void {
  document.querySelector<HTMLInputElement>('#outbox-search')?.select()
}

function OutboxSearch({ onLeave }: { onLeave: () => void }) {
  const [text, setText] = useState(() => useOutbox.getState().query)

  useEffect(() => {
    if (text.trim() === useOutbox.getState().query) return
    const timer = setTimeout(() => narrow({ query: text.trim() }), pauseMs)
    return () => clearTimeout(timer)
  }, [text])

  return (
    <SearchField
      id="outbox-search"
      label="Search sent messages"
      placeholder="Address or subject"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onClear={() => setText('')}
      onLeave={onLeave}
      className="min-w-24 flex-1"
    />
  )
}
