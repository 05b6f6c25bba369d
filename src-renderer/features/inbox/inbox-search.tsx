import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { create } from 'zustand'
import { go } from '../../place.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
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
  const { setCaret, isOpen, setOpen, active, setActive, completions } = useCompletion(text)

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
    setActive(-1)
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
    const chosen = completions[active]
    const isList = isOpen && completions.length > 0
    if (event.key === 'Escape') {
      event.preventDefault()
      if (isList) return setOpen(false)
      if (text === '') field.current?.blur()
      else clear()
    } else if (isList && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      const places = completions.length + 1
      setActive(((active + 1 + step + places) % places) - 1)
    } else if (isList && (event.key === 'Enter' || event.key === 'Tab') && chosen) {
      event.preventDefault()
      accept(chosen)
    } else if (isList && event.key === 'Tab' && !event.shiftKey && text !== '' && completions[0]) {
      event.preventDefault()
      accept(completions[0])
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      setOpen(false)
      field.current?.blur()
      onLeave()
    }
  }

  const isShown = isOpen && completions.length > 0
  return (
    <div className="relative min-w-0 flex-1">
      <Icon
        of={Search}
        size={14}
        className="pointer-events-none absolute top-[7px] left-2 text-ink-faint"
      />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Search messages"
        aria-expanded={isShown}
        aria-controls={isShown ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className="h-7 w-full rounded-md border border-line bg-sunken pr-8 pl-7 placeholder:text-ink-faint focus-visible:bg-canvas focus-visible:outline-offset-0"
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
          onClick={clear}
        />
      )}
      {isShown && (
        <CompletionList id={listId} completions={completions} active={active} onAccept={accept} />
      )}
    </div>
  )
}

function useCompletion(text: string) {
  const [caret, setCaret] = useState<number | null>(null)
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
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
  return { setCaret, isOpen, setOpen, active, setActive, completions }
}

const mostSeen = 300
/** Of the rows that were shown; a search that finds nothing must not end what is offered. */
const seen = new Set<string>()

useInbox.subscribe((now, before) => {
  if (now.rows === before.rows || seen.size > mostSeen) return
  for (const { from, to } of now.rows.slice(0, 100)) {
    for (const one of [from, ...to]) if (one.address) seen.add(one.address)
  }
})
