import { ChevronDown, ChevronUp } from 'lucide-react'
import type { Ref } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { TextInput } from '../../../ui/field.tsx'
import { formatCount } from '../../../ui/format.ts'

type SearchBarProps = {
  ref: Ref<HTMLInputElement>
  label: string
  words: string
  at: number
  count: number
  onWords: (words: string) => void
  onStep: (by: 1 | -1) => void
  onLeave: () => void
}

/** Finds words in what is shown, and steps from one to the next. */
export function SearchBar({
  ref,
  label,
  words,
  at,
  count,
  onWords,
  onStep,
  onLeave,
}: SearchBarProps) {
  return (
    <search className="flex min-w-0 items-center gap-1">
      <TextInput
        ref={ref}
        type="text"
        aria-label={label}
        placeholder="Find"
        value={words}
        className="h-7 w-40 min-w-16 shrink"
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onWords('')
          onLeave()
        }}
      />
      {words !== '' && (
        <>
          <span role="status" className="figures whitespace-nowrap px-1 text-ink-faint">
            {count === 0 ? 'None' : `${formatCount(at + 1)} of ${formatCount(count)}`}
          </span>
          <IconButton icon={ChevronUp} label="Previous hit" onClick={() => onStep(-1)} />
          <IconButton icon={ChevronDown} label="Next hit" onClick={() => onStep(1)} />
        </>
      )}
    </search>
  )
}
