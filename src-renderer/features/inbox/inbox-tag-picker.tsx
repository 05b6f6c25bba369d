import { Check, Minus, Plus } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { useSelection } from './inbox-selection.ts'
import { useInbox } from './inbox-store.ts'
import { closeTagging, isSameTag, setTag, useTagging } from './inbox-tagging.ts'
import { useViews } from './inbox-views.ts'
import { inboxLabels } from './labels.ts'

export function TagPicker() {
  const ids = useTagging((state) => state.ids)
  const everything = useSelection((state) => state.everything)
  const count = everything ?? ids?.length ?? 0
  return (
    <Dialog
      open={ids !== null}
      onClose={closeTagging}
      title={inboxLabels.tagsOf(count, formatCount(count))}
    >
      {ids && <Picker ids={ids} />}
    </Dialog>
  )
}

type Choice = { readonly name: string; readonly isNew: boolean }

function Picker({ ids }: { ids: readonly string[] }) {
  const listId = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const known = useViews((state) => state.tags)
  const rows = useInbox((state) => state.rows)
  const wanted = new Set(ids)
  const chosen = rows.filter(({ id }) => wanted.has(id))
  const choices = choicesFor(text.trim(), [
    ...new Set([...known.map(({ name }) => name), ...chosen.flatMap(({ tags }) => tags)]),
  ])

  const stateOf = (name: string): 'all' | 'some' | 'none' => {
    const tagged = chosen.filter(({ tags }) => tags.some((tag) => isSameTag(tag, name))).length
    if (tagged === 0) return 'none'
    return tagged === chosen.length ? 'all' : 'some'
  }

  function toggle({ name }: Choice) {
    void setTag(ids, name, stateOf(name) !== 'all')
    setText('')
    setActive(0)
  }

  function onKeyDown(event: KeyboardEvent) {
    const choice = choices[active]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive(Math.max(0, Math.min(choices.length - 1, active + step)))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (choice) toggle(choice)
    }
  }

  return (
    <div className="px-5 pb-5">
      <TextInput
        role="combobox"
        aria-label={inboxLabels.findTag}
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={choices[active] ? `${listId}-${active}` : undefined}
        placeholder={inboxLabels.findTag}
        maxLength={64}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={listId}
        role="listbox"
        aria-label={inboxLabels.tags}
        aria-multiselectable
        className="mt-2 max-h-72 min-h-28 overflow-y-auto"
      >
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
          <div
            key={choice.name}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={!choice.isNew && stateOf(choice.name) === 'all'}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => toggle(choice)}
            className={classes(
              'flex h-8 select-none items-center gap-2.5 rounded-md px-2',
              index === active ? 'bg-hover' : 'hover:bg-hover',
            )}
          >
            {choice.isNew ? (
              <Icon of={Plus} size={14} className="text-ink-muted" />
            ) : (
              <Box state={stateOf(choice.name)} />
            )}
            <span className="min-w-0 flex-1 truncate">
              {choice.isNew ? inboxLabels.addTag(choice.name) : choice.name}
            </span>
          </div>
        ))}
        {choices.length === 0 && (
          <p className="px-2 py-6 text-center text-ink-muted">{inboxLabels.noTags}</p>
        )}
      </div>
    </div>
  )
}

const maxChoices = 100

function choicesFor(text: string, known: readonly string[]): Choice[] {
  const found = known
    .filter((name) => name.toLowerCase().includes(text.toLowerCase()))
    .slice(0, maxChoices)
    .map((name) => ({ name, isNew: false }))
  const isNew = text !== '' && !known.some((name) => isSameTag(name, text))
  return isNew ? [...found, { name: text, isNew: true }] : found
}

/** A decorative checkbox; the option has the selected state. */
function Box({ state }: { state: 'all' | 'some' | 'none' }) {
  return (
    <span
      className={classes(
        'flex size-4 shrink-0 items-center justify-center rounded-sm border',
        state === 'none' ? 'border-control bg-raised' : 'border-sage bg-sage text-on-sage',
      )}
    >
      {state === 'all' && <Icon of={Check} size={12} />}
      {state === 'some' && <Icon of={Minus} size={12} />}
    </span>
  )
}
