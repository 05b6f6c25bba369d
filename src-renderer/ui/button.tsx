import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { Tooltip } from './tooltip.tsx'

const looks = {
  primary: 'bg-sage text-on-sage hover:bg-sage-strong shadow-control',
  secondary:
    'border border-line-strong bg-raised text-ink hover:bg-hover data-[state=open]:bg-hover shadow-control',
  ghost: 'text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover',
  danger: 'bg-danger text-on-danger hover:bg-danger-strong shadow-control',
} as const

type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof looks
  icon?: LucideIcon
  busy?: boolean
}

export function Button({
  look = 'secondary',
  icon,
  busy,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={classes(
        'inline-flex h-7 shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 font-medium transition-colors disabled:opacity-50',
        looks[look],
        className,
      )}
    >
      {icon && <Icon of={icon} />}
      {children}
    </button>
  )
}

type IconButtonProps = ComponentProps<'button'> & {
  icon: LucideIcon
  label: string
  shortcut?: string
  pressed?: boolean
}

export function IconButton({
  icon,
  label,
  shortcut,
  pressed,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={classes(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 data-[state=open]:bg-hover',
          pressed && 'bg-sage-soft text-sage-ink hover:bg-sage-soft hover:text-sage-ink',
          className,
        )}
      >
        <Icon of={icon} />
      </button>
    </Tooltip>
  )
}
