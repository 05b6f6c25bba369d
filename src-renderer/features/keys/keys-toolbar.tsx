import { LayoutGrid, Table2 } from 'lucide-react'
import { Icon } from '../../ui/icon.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { setFilter, setLayout, sortKeys, useKeyList } from './key-list-store.ts'
import { keysLabels } from './labels.ts'

export const keySearchId = 'key-search'

const modes = [
  { value: 'all', label: keysLabels.toolbar.all },
  { value: 'live', label: keysLabels.live },
  { value: 'test', label: keysLabels.test },
] as const

const states = [
  { value: 'any', label: keysLabels.toolbar.anyState },
  { value: 'active', label: keysLabels.toolbar.active },
  { value: 'rotating', label: keysLabels.times.rotating },
  { value: 'expiring', label: keysLabels.toolbar.expiring },
  { value: 'expired', label: keysLabels.toolbar.expired },
  { value: 'disabled', label: keysLabels.disabled },
  { value: 'unused', label: keysLabels.toolbar.unused },
] as const

const sorts = [
  { value: 'used', label: keysLabels.toolbar.byUse },
  { value: 'name', label: keysLabels.toolbar.byName },
] as const

const layouts = [
  { value: 'table', label: <Icon of={Table2} />, hint: keysLabels.toolbar.table },
  { value: 'cards', label: <Icon of={LayoutGrid} />, hint: keysLabels.toolbar.cards },
] as const

export function KeysToolbar({ shown, total }: { shown: number; total: number }) {
  const { text, mode, state, sort, layout } = useKeyList()
  return (
    <div
      role="toolbar"
      aria-label={keysLabels.toolbar.label}
      className="mb-3 flex flex-wrap items-center gap-2"
    >
      <SearchField
        id={keySearchId}
        label={keysLabels.toolbar.search}
        placeholder={keysLabels.toolbar.placeholder}
        value={text}
        onChange={(event) => setFilter({ text: event.target.value })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur()
        }}
        onClear={() => setFilter({ text: '' })}
        className="min-w-40 flex-1"
      />
      <span aria-live="polite" className="figures min-w-14 text-right text-ink-faint text-sm">
        {keysLabels.toolbar.count(shown, total)}
      </span>
      <Segmented
        label={keysLabels.type}
        value={mode}
        options={modes}
        onChange={(next) => setFilter({ mode: next })}
      />
      <Select
        label={keysLabels.toolbar.state}
        value={state}
        options={states}
        onChange={(next) => setFilter({ state: next })}
        className="w-[124px]"
      />
      <Select
        label={keysLabels.toolbar.order}
        value={sort}
        options={sorts}
        onChange={sortKeys}
        className="w-[148px]"
      />
      <Segmented
        label={keysLabels.toolbar.layout}
        value={layout}
        options={layouts}
        onChange={setLayout}
      />
    </div>
  )
}
