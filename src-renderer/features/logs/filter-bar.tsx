import { Eye, EyeOff, ListFilter, X } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { logsLabels } from './labels.ts'
import { filterNames, type Suggestion, suggest } from './log-filters.ts'
import { filterLogs, showOwnRequests, useLogs } from './logs-store.ts'

const fieldId = 'log-filter'

export function focusLogFilter(): void {
  document.getElementById(fieldId)?.focus()
}

/** Chips of the active filters, and a field that suggests the next filter. */
export function FilterBar() {
  const { filters, keyNames, rows, showOwn } = useLogs()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [picked, pick] = useState<Suggestion | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const suggestions = useMemo(
    () => (isOpen ? suggest(typed, rows, keyNames) : []),
    [isOpen, typed, rows, keyNames],
  )
  // New rows add suggestions. The picked suggestion may move, but stays picked.
  const pickedAt = suggestions.findIndex(
    ({ name, value }) => name === picked?.name && value === picked.value,
  )
  const chosen = pickedAt === -1 && suggestions.length > 0 ? 0 : pickedAt

  function choose({ name, value }: Suggestion) {
    filterLogs(name, value)
    setTyped('')
    pick(null)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const by = moves[event.key]
    if (by !== undefined && suggestions.length > 0) {
      event.preventDefault()
      pick(suggestions.at((chosen + by) % suggestions.length) ?? null)
    }
    const suggestion = suggestions[chosen]
    if (event.key === 'Enter' && suggestion) {
      event.preventDefault()
      choose(suggestion)
    }
    if (event.key === 'Backspace' && typed === '') {
      const last = filterNames.findLast((name) => filters[name] !== undefined)
      if (last) filterLogs(last, null)
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      if (typed === '') event.currentTarget.blur()
      setTyped('')
    }
  }

  return (
    <div className="relative flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-md border border-line bg-sunken pr-1 pl-2 focus-within:bg-canvas focus-within:outline-2 focus-within:outline-sage">
      <Icon of={ListFilter} size={14} className="shrink-0 text-ink-faint" />
      {filterNames.map((name) => {
        const value = filters[name]
        if (value === undefined) return null
        return (
          <Chip
            key={name}
            label={logsLabels.filterNames[name]}
            value={valueLabel(name, value, keyNames)}
            onRemove={() => filterLogs(name, null)}
          />
        )
      })}
      <input
        id={fieldId}
        role="combobox"
        aria-label={logsLabels.filter.label}
        aria-expanded={suggestions.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
        placeholder={Object.keys(filters).length === 0 ? logsLabels.filter.placeholder : ''}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onChange={(event) => {
          setTyped(event.target.value)
          pick(null)
        }}
        onKeyDown={onKeyDown}
        className="h-full min-w-16 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
      />
      {!isOpen && <Kbd shortcut="/" />}
      <IconButton
        icon={showOwn ? Eye : EyeOff}
        label={showOwn ? logsLabels.filter.hideOwn : logsLabels.filter.showOwn}
        pressed={showOwn}
        className="size-5!"
        onClick={() => showOwnRequests(!showOwn)}
      />
      <div
        id={listId}
        role="listbox"
        aria-label={logsLabels.filter.list}
        className={classes(
          'absolute top-8 left-0 z-30 max-h-80 w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-float',
          suggestions.length === 0 && 'hidden',
        )}
      >
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, and points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the field's
          <div
            key={`${suggestion.name} ${suggestion.value}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            // Keeps the focus in the field until the click is handled.
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => pick(suggestion)}
            onClick={() => choose(suggestion)}
            className={classes(
              'flex h-7 select-none items-center gap-2 rounded-md px-2',
              index === chosen && 'bg-hover',
            )}
          >
            <span className="w-16 shrink-0 text-ink-faint text-sm">
              {logsLabels.filterNames[suggestion.name]}
            </span>
            <span className="min-w-0 flex-1 truncate">{suggestion.label}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

function Chip({ label, value, onRemove }: { label: string; value: string; onRemove: () => void }) {
  return (
    <span className="flex h-5 min-w-0 max-w-56 items-center gap-1 rounded-sm border border-line-strong bg-raised pl-1.5 text-sm">
      <span className="text-ink-faint">{label}</span>
      <span className="truncate" title={value}>
        {value}
      </span>
      <button
        type="button"
        aria-label={logsLabels.filter.remove(label.toLowerCase(), value)}
        onClick={onRemove}
        className="flex size-[18px] shrink-0 items-center justify-center rounded-sm text-ink-muted hover:bg-hover hover:text-ink"
      >
        <Icon of={X} size={12} />
      </button>
    </span>
  )
}

const typeLabels: Readonly<Record<string, string>> = logsLabels.types

function valueLabel(name: string, value: string, keyNames: ReadonlyMap<string, string>): string {
  if (name === 'key') return keyNames.get(value) ?? value
  if (name === 'type') return typeLabels[value] ?? value
  return name === 'since' ? logsLabels.filter.since(value) : value
}
