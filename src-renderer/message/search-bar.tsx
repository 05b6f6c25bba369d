import { ChevronDown, ChevronUp } from 'lucide-react'
import type { Ref } from 'react'
import { IconButton } from '../ui/button.tsx'
import { TextInput } from '../ui/field.tsx'
import { formatCount } from '../ui/format.ts'
import { messageLabels } from './labels.ts'

type SearchBarProps = {
  ref: Ref<HTMLInputElement>
  label: string
  text: string
  at: number
  count: number
  onText: (text: string) => void
  onStep: (by: 1 | -1) => void
  onLeave: () => void
}

/** A search field with the number of matches and buttons to step through them. */
export function SearchBar({
  ref,
  label,
  text,
  at,
  count,
  onText,
  onStep,
  onLeave,
}: SearchBarProps) {
  return (
    <search className="flex min-w-0 items-center gap-1">
      <TextInput
        ref={ref}
        type="text"
        aria-label={label}
        placeholder={messageLabels.searchPlaceholder}
        value={text}
        className="h-7 w-40 min-w-16 shrink"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onText('')
          onLeave()
        }}
      />
      {text !== '' && (
        <>
          <span role="status" className="figures whitespace-nowrap px-1 text-ink-faint">
            {count === 0
              ? messageLabels.noMatches
              : messageLabels.match(formatCount(at + 1), formatCount(count))}
          </span>
          <IconButton
            icon={ChevronUp}
            label={messageLabels.previousMatch}
            onClick={() => onStep(-1)}
          />
          <IconButton
            icon={ChevronDown}
            label={messageLabels.nextMatch}
            onClick={() => onStep(1)}
          />
        </>
      )}
    </search>
  )
}
