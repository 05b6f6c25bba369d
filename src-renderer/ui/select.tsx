import { Check, ChevronDown } from 'lucide-react'
import { Select as Primitive } from 'radix-ui'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'

type SelectProps<T extends string> = {
  label: string
  value: T
  options: readonly { readonly value: T; readonly label: string }[]
  onChange: (value: T) => void
  id?: string
  disabled?: boolean
  className?: string
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, id, disabled, className } = props
  return (
    <Primitive.Root
      value={value}
      // Radix types values as string, but it only returns one of the options.
      onValueChange={(next) => onChange(next as T)}
      disabled={disabled ?? false}
    >
      <Primitive.Trigger
        {...(id ? { id } : {})}
        aria-label={label}
        className={classes(
          'inline-flex h-7 items-center justify-between gap-2 rounded-md border border-line-strong bg-raised px-2.5 shadow-control hover:bg-hover disabled:opacity-50',
          className,
        )}
      >
        <Primitive.Value />
        <Icon of={ChevronDown} size={14} className="text-ink-faint" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-(--radix-select-trigger-width) animate-rise rounded-lg bg-raised p-1 shadow-float"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-7 select-none items-center gap-2 rounded-md pr-3 pl-2 outline-none data-highlighted:bg-hover"
              >
                <span className="flex w-4 justify-center">
                  <Primitive.ItemIndicator>
                    <Icon of={Check} size={14} className="text-sage-ink" />
                  </Primitive.ItemIndicator>
                </span>
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
