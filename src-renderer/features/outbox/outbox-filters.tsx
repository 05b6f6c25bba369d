import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { outboxCountedUpTo, outboxFilters } from '../../../src-main/contract/outbox.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
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
      <SearchField onLeave={onLeaveSearch} />
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

function SearchField({ onLeave }: { onLeave: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(() => useOutbox.getState().query)

  useEffect(() => {
    if (text.trim() === useOutbox.getState().query) return
    const timer = setTimeout(() => narrow({ query: text.trim() }), pauseMs)
    return () => clearTimeout(timer)
  }, [text])

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.preventDefault()
      if (text === '') field.current?.blur()
      setText('')
    }
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      field.current?.blur()
      onLeave()
    }
  }

  return (
    <div className="relative min-w-24 flex-1">
      <Icon
        of={Search}
        size={14}
        className="pointer-events-none absolute top-[7px] left-2 text-ink-faint"
      />
      <input
        ref={field}
        id="outbox-search"
        type="search"
        aria-label="Search sent messages"
        placeholder="Address or subject"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-7 w-full rounded-md border border-line bg-sunken pr-8 pl-7 placeholder:text-ink-faint focus-visible:bg-canvas focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {text === '' ? (
        <span className="pointer-events-none absolute top-[5px] right-1.5">
          <Kbd shortcut="/" />
        </span>
      ) : (
        <IconButton
          icon={X}
          label="Clear search"
          shortcut="Esc"
          className="absolute top-0.5 right-0.5 size-6!"
          onClick={() => setText('')}
        />
      )}
    </div>
  )
}
