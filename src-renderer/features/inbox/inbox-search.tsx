import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { create } from 'zustand'
import { go } from '../../app/router.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { type Completion, completionsFor } from './inbox-completion.ts'
import { CompletionList } from './inbox-completion-list.tsx'
import { searchInbox, useInbox } from './inbox-store.ts'
import { useViews } from './inbox-views.ts'
import { inboxLabels } from './labels.ts'

const useFocusRequest = create<{ isRequested: boolean }>(() => ({ isRequested: false }))

/** Opens the inbox and focuses its search field. */
export function focusSearch(): void {
  go('inbox')
  useFocusRequest.setState({ isRequested: true })
}

export function InboxSearch({ onLeave }: { onLeave: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const text = useInbox((state) => state.text)
  const isRequested = useFocusRequest((state) => state.isRequested)
  const wantedCaret = useRef<number | null>(null)
  const { setCaret, isOpen, setOpen, active, pick, completions } = useCompletion(text)
  const isShown = isOpen && completions.length > 0

  useEffect(() => {
    if (!isRequested) return
    // Cleared first, so that a remounted field does not take the focus again.
    useFocusRequest.setState({ isRequested: false })
    field.current?.focus()
    field.current?.select()
  }, [isRequested])
  // Places the caret after an inserted suggestion.
  useEffect(() => {
    const at = text === '' ? null : wantedCaret.current
    wantedCaret.current = null
    if (at !== null) field.current?.setSelectionRange(at, at)
  }, [text])

  function type(next: string, at: number) {
    setCaret(at)
    setOpen(true)
    pick(null)
    void searchInbox(next)
  }

  function accept({ insert, start, end }: Completion) {
    const rest = text.slice(end)
    wantedCaret.current = start + insert.length
    type(text.slice(0, start) + insert + rest.trimStart(), start + insert.length)
    field.current?.focus()
  }

  function clear() {
    type('', 0)
    setOpen(false)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!isShown) return
    const chosen = completions[active]
    if (event.key === 'Escape') {
      event.preventDefault()
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      const count = completions.length + 1
      pick(completions[((active + 1 + step + count) % count) - 1] ?? null)
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) {
      event.preventDefault()
      accept(chosen)
    } else if (event.key === 'Tab' && !event.shiftKey && text !== '' && completions[0]) {
      event.preventDefault()
      accept(completions[0])
    }
  }

  return (
    <SearchField
      ref={field}
      type="text"
      role="combobox"
      label={inboxLabels.searchMessages}
      aria-expanded={isShown}
      aria-controls={isShown ? listId : undefined}
      aria-autocomplete="list"
      aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
      placeholder={inboxLabels.searchPlaceholder}
      value={text}
      onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
      onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      onKeyDown={onKeyDown}
      onClear={clear}
      onLeave={onLeave}
      className="min-w-0 flex-1"
    >
      {isShown && (
        <CompletionList id={listId} completions={completions} active={active} onAccept={accept} />
      )}
    </SearchField>
  )
}

function useCompletion(text: string) {
  const [caret, setCaret] = useState<number | null>(null)
  const [isOpen, setOpen] = useState(false)
  // By label, because new mail may add suggestions while the list is open.
  const [picked, setPicked] = useState<string | null>(null)
  const { tags, keyNames } = useViews()
  const inboxes = useInbox((state) => state.inboxes)
  const known = {
    tags: tags.map(({ name }) => name),
    inboxes: inboxes.map(({ name }) => name),
    keys: [...new Set(keyNames.values())],
    addresses: isOpen ? [...seenAddresses] : [],
  }
  const at = Math.min(caret ?? text.length, text.length)
  const completions = isOpen ? completionsFor(text, at, known, new Date()) : []
  const active = completions.findIndex(({ label }) => label === picked)
  const pick = (completion: Completion | null) => setPicked(completion?.label ?? null)
  return { setCaret, isOpen, setOpen, active, pick, completions }
}

const maxAddresses = 300
/** Addresses of all rows so far, so that suggestions remain when a search has no results. */
const seenAddresses = new Set<string>()

useInbox.subscribe((now, before) => {
  if (now.rows === before.rows || seenAddresses.size > maxAddresses) return
  for (const { from, to } of now.rows.slice(0, 100)) {
    for (const one of [from, ...to]) if (one.address) seenAddresses.add(one.address)
  }
})
