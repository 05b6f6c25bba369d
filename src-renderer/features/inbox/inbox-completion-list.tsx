import { useEffect, useRef } from 'react'
import { classes } from '../../ui/classes.ts'
import type { Completion } from './inbox-completion.ts'
import { inboxLabels } from './labels.ts'

type CompletionListProps = {
  id: string
  completions: readonly Completion[]
  active: number
  onAccept: (completion: Completion) => void
}

/** Suggestions below the search field, which keeps the focus. */
export function CompletionList({ id, completions, active, onAccept }: CompletionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={inboxLabels.suggestions}
      className="absolute top-8 left-0 z-30 max-h-[min(440px,70vh)] w-full min-w-80 animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
    >
      {completions.map((completion, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
        <div
          key={completion.label}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // Keeps the focus in the field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(completion)}
          className={classes(
            'flex h-7 select-none items-center gap-3 rounded-md px-2',
            index === active ? 'bg-selected' : 'hover:bg-hover',
          )}
        >
          <span className="shrink-0 truncate font-mono text-sm">{completion.label}</span>
          <span className="min-w-0 flex-1 truncate text-right text-ink-faint text-sm">
            {completion.hint}
          </span>
        </div>
      ))}
    </div>
  )
}
