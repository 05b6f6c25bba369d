import { useEffect, useState } from 'react'
import { outboxCountedUpTo, outboxFilters } from '../../../src-main/contract/outbox.ts'
import { formatCount } from '../../ui/format.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { outboxLabels } from './labels.ts'
import type { Filter } from './outbox-rows.ts'
import { applyFilter, useOutbox } from './outbox-store.ts'

const allKeys = '*'
const debounceMs = 120

const order: readonly Filter[] = ['all', ...outboxFilters]

export function OutboxFilters({ onLeaveSearch }: { onLeaveSearch: () => void }) {
  const { filter, keyId, keys } = useOutbox()
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-2">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label={outboxLabels.status}
          value={filter}
          onChange={(next) => applyFilter({ filter: next })}
          options={order.map((value) => ({
            value,
            label: (
              <>
                {outboxLabels.filters[value]}
                <Count of={value} />
              </>
            ),
          }))}
        />
      </div>
      {keys.length > 1 && (
        <Select
          label={outboxLabels.key}
          className="max-w-36 shrink-0 [&>span]:truncate"
          value={keyId ?? allKeys}
          onChange={(value) => applyFilter({ keyId: value === allKeys ? null : value })}
          options={[
            { value: allKeys, label: outboxLabels.allKeys },
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
      {isMore ? outboxLabels.countedUpTo(outboxCountedUpTo / 1000) : formatCount(count)}
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
    const timer = setTimeout(() => applyFilter({ query: text.trim() }), debounceMs)
    return () => clearTimeout(timer)
  }, [text])

  return (
    <SearchField
      id="outbox-search"
      label={outboxLabels.search}
      placeholder={outboxLabels.searchPlaceholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onClear={() => setText('')}
      onLeave={onLeave}
      className="min-w-40 flex-1"
    />
  )
}
