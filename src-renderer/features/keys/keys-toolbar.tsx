import { LayoutGrid, Table2 } from 'lucide-react'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { layKeysOut, narrow, sortKeys, useKeyList } from './key-list-store.ts'

export const keySearchId = 'key-search'

const modes = [
  { value: 'all', label: 'All' },
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
] as const

const states = [
  { value: 'any', label: 'Any state' },
  { value: 'active', label: 'Working' },
  { value: 'rotating', label: 'Rotating' },
  { value: 'expiring', label: 'Expiring soon' },
  { value: 'expired', label: 'Expired' },
  { value: 'disabled', label: 'Disabled' },
  { value: 'unused', label: 'Never used' },
] as const

const sorts = [
  { value: 'used', label: 'Last used first' },
  { value: 'name', label: 'By name' },
] as const

const layouts = [
  { value: 'table', label: <Icon of={Table2} />, hint: 'Table' },
  { value: 'cards', label: <Icon of={LayoutGrid} />, hint: 'Cards' },
] as const

export function KeysToolbar({ shown, total }: { shown: number; total: number }) {
  const { text, mode, state, sort, layout } = useKeyList()
  return (
    <div role="toolbar" aria-label="Filter" className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField
        id={keySearchId}
        label="Filter keys"
        placeholder="Word, prefix or address"
        value={text}
        onChange={(event) => narrow({ text: event.target.value })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur()
        }}
        onClear={() => narrow({ text: '' })}
        className="min-w-40 flex-1"
      />
      <span aria-live="polite" className="figures min-w-14 text-right text-ink-faint text-sm">
        {shown === total
          ? `${formatCount(total)} ${total === 1 ? 'key' : 'keys'}`
          : `${formatCount(shown)} of ${formatCount(total)}`}
      </span>
      <Segmented
        label="Type"
        value={mode}
        options={modes}
        onChange={(next) => narrow({ mode: next })}
      />
      <Select
        label="State"
        value={state}
        options={states}
        onChange={(next) => narrow({ state: next })}
        className="w-[124px]"
      />
      <Select
        label="Order"
        value={sort}
        options={sorts}
        onChange={sortKeys}
        className="w-[134px]"
      />
      <Segmented label="Layout" value={layout} options={layouts} onChange={layKeysOut} />
    </div>
  )
}
