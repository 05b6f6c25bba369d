import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { create } from 'zustand'
import { go } from '../../place.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { searchInbox, useInbox } from './inbox-store.ts'

const pauseMs = 80

const useFocusWish = create<{ wishes: number }>(() => ({ wishes: 0 }))

/** Brings the inbox forward with the cursor in its search field. */
export function focusSearch(): void {
  go('inbox')
  useFocusWish.setState(({ wishes }) => ({ wishes: wishes + 1 }))
}

export function InboxSearch({ onLeave }: { onLeave: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(() => useInbox.getState().query)
  const wishes = useFocusWish((state) => state.wishes)

  useEffect(() => {
    if (wishes === 0) return
    field.current?.focus()
    field.current?.select()
  }, [wishes])

  useEffect(() => {
    if (text.trim() === useInbox.getState().query) return
    const timer = setTimeout(() => searchInbox(text.trim()), pauseMs)
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
    <div className="relative min-w-0 flex-1">
      <Icon
        of={Search}
        size={14}
        className="pointer-events-none absolute top-[7px] left-2 text-ink-faint"
      />
      <input
        ref={field}
        type="search"
        aria-label="Search messages"
        placeholder="Search"
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
