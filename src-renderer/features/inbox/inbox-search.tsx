import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { create } from 'zustand'
import { go } from '../../app/router.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { type Completion, completionsFor } from './inbox-completion.ts'
import { CompletionList } from './inbox-completion-list.tsx'
import { searchInbox, useInbox } from './inbox-store.ts'
import { useViews } from './inbox-views.ts'

const useFocusWish = create<{ isWished: boolean }>(() => ({ isWished: false }))

/** Brings the inbox forward with the cursor in its search field. */
export function focusSearch(): void {
  go('inbox')
  useFocusWish.setState({ isWished: true })
}

export function InboxSearch({ onLeave }: { onLeave: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const text = useInbox((state) => state.text)
  const isWished = useFocusWish((state) => state.isWished)
  const wantedCaret = useRef<number | null>(null)
  const { setCaret, isOpen, setOpen, active, pick, completions } = useCompletion(text)
  const isShown = isOpen && completions.length > 0

  useEffect(() => {
    if (!isWished) return
    // Granted once: a field that is drawn anew must not take the focus again.
    useFocusWish.setState({ isWished: false })
    field.current?.focus()
    field.current?.select()
  }, [isWished])
  // What is put in leaves the caret behind it, not at the end of the field.
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
      const places = completions.length + 1
      pick(completions[((active + 1 + step + places) % places) - 1] ?? null)
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
      label="Search messages"
      aria-expanded={isShown}
      aria-controls={isShown ? listId : undefined}
      aria-autocomplete="list"
      aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
      placeholder="Search"
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
  // By its name: while the list is open, new mail may bring more to choose from.
  const [picked, setPicked] = useState<string | null>(null)
  const { tags, keyNames } = useViews()
  const inboxes = useInbox((state) => state.inboxes)
  const known = {
    tags: tags.map(({ name }) => name),
    inboxes: inboxes.map(({ name }) => name),
    keys: [...new Set(keyNames.values())],
    addresses: isOpen ? [...seen] : [],
  }
  const at = Math.min(caret ?? text.length, text.length)
  const completions = isOpen ? completionsFor(text, at, known, new Date()) : []
  const active = completions.findIndex(({ label }) => label === picked)
  const pick = (completion: Completion | null) => setPicked(completion?.label ?? null)
  return { setCaret, isOpen, setOpen, active, pick, completions }
}

const maxSeen = 300
/** Of the rows that were shown; a search that finds nothing must not end what is offered. */
const seen = new Set<string>()

useInbox.subscribe((now, before) => {
  if (now.rows === before.rows || seen.size > maxSeen) return
  for (const { from, to } of now.rows.slice(0, 100)) {
    for (const one of [from, ...to]) if (one.address) seen.add(one.address)
  }
})
