import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'

type DisclosureProps = { title: string; summary?: ReactNode; open?: boolean; children: ReactNode }

/** Collapsed content with a title and a one-line summary. */
export function Disclosure({ title, summary, open = false, children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(open)
  const id = useId()
  return (
    <div className="border-line border-t pt-3">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="-mx-1.5 flex h-7 max-w-[calc(100%+12px)] items-center gap-1.5 rounded-md px-1.5 font-medium text-ink-muted hover:bg-hover hover:text-ink"
      >
        <Icon
          of={ChevronRight}
          size={14}
          className={classes('shrink-0 transition-transform', isOpen && 'rotate-90')}
        />
        <span className="shrink-0">{title}</span>
        {!isOpen && summary && (
          <span className="truncate font-normal text-ink-faint text-sm">{summary}</span>
        )}
      </button>
      <div id={id} hidden={!isOpen} className="pt-3">
        {children}
      </div>
    </div>
  )
}
