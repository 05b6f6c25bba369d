import { Search, X } from 'lucide-react'
import type { ComponentProps, KeyboardEvent } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { uiLabels } from './labels.ts'

type SearchFieldProps = ComponentProps<'input'> & {
  label: string
  value: string
  /** The clear button or Escape. */
  onClear: () => void
  /** Enter or the down arrow: moves to the results. */
  onLeave?: () => void
}

/**
 * Filters the list below it; the screen binds `/` to focus it. Escape clears the field, and blurs it
 * when it is empty. `children` hold a completion list; `onKeyDown` may prevent the default action.
 */
export function SearchField({
  label,
  value,
  onClear,
  onLeave,
  onKeyDown,
  className,
  children,
  ...rest
}: SearchFieldProps) {
  function onKey(event: KeyboardEvent<HTMLInputElement>) {
    onKeyDown?.(event)
    if (event.defaultPrevented) return
    if (event.key === 'Escape') {
      event.preventDefault()
      if (value === '') event.currentTarget.blur()
      else onClear()
    } else if (onLeave && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      event.preventDefault()
      event.currentTarget.blur()
      onLeave()
    }
  }
  return (
    <div className={classes('relative', className)}>
      <Icon
        of={Search}
        size={14}
        className="pointer-events-none absolute top-[7px] left-2 text-ink-faint"
      />
      <input
        type="search"
        autoComplete="off"
        spellCheck={false}
        {...rest}
        aria-label={label}
        value={value}
        onKeyDown={onKey}
        className="h-7 w-full rounded-md border border-line bg-sunken pr-8 pl-7 placeholder:text-ink-faint focus-visible:bg-canvas focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {value === '' ? (
        <span className="pointer-events-none absolute top-[5px] right-1.5">
          <Kbd shortcut="/" />
        </span>
      ) : (
        <IconButton
          icon={X}
          label={uiLabels.clearSearch}
          shortcut="Esc"
          className="absolute top-0.5 right-0.5 size-6!"
          onClick={onClear}
        />
      )}
      {children}
    </div>
  )
}
