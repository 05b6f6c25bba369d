import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

type SegmentedProps<T extends string> = {
  label: string
  value: T
  options: readonly { readonly value: T; readonly label: ReactNode; readonly hint?: string }[]
  onChange: (value: T) => void
}

/** A choice between a few visible options. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, value, options, onChange } = props
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      // Radix reports '' when the selected option is pressed again; the selection stays.
      onValueChange={(next) => next !== '' && onChange(next as T)}
      className="inline-flex h-7 max-w-full shrink-0 items-center rounded-md border border-line bg-sunken p-0.5 max-sm:overflow-x-auto"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          {...(option.hint ? { 'aria-label': option.hint, title: option.hint } : {})}
          className={classes(
            'inline-flex h-full shrink-0 items-center gap-1.5 whitespace-nowrap rounded-[5px] px-2 font-medium text-ink-muted text-sm transition-colors hover:text-ink',
            'data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-[0_0_0_1px_var(--color-line-strong)]',
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
