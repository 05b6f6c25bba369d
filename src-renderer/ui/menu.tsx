import { Check, ChevronRight, type LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { createContext, type ReactNode, useContext } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'

type MenuProps = {
  trigger: ReactNode
  align?: 'start' | 'end'
  /** The parent element; content at the end of the page belongs to no landmark. */
  container?: HTMLElement | null
  children: ReactNode
}

/** A submenu uses the container of its menu. */
const Container = createContext<HTMLElement | null>(null)

const surface = 'z-50 min-w-44 max-w-80 animate-rise rounded-lg bg-raised p-1 shadow-float'
const row =
  'flex min-h-7 select-none items-center gap-2 rounded-md px-2 outline-none data-disabled:opacity-40 data-highlighted:bg-hover data-[state=open]:bg-hover'

export function Menu({ trigger, align = 'end', container = null, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal {...(container ? { container } : {})}>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={surface}>
          <Container value={container}>{children}</Container>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

type MenuItemProps = {
  icon: LucideIcon
  danger?: boolean
  disabled?: boolean
  shortcut?: string
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, danger, disabled, shortcut, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      disabled={disabled ?? false}
      onSelect={onSelect}
      className={classes(
        row,
        danger ? 'text-danger-ink data-highlighted:bg-danger-soft' : 'text-ink',
      )}
    >
      <Icon of={icon} className={danger ? '' : 'text-ink-muted'} />
      <span className="flex-1">{children}</span>
      {shortcut && <Kbd shortcut={shortcut} />}
    </DropdownMenu.Item>
  )
}

export function MenuLine() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />
}

type MenuChoicesProps = {
  label: string
  value: string
  choices: readonly { value: string; icon: LucideIcon; name: string; note: string }[]
  onChange: (value: string) => void
}

/** Radio items; the selected one has a tick. */
export function MenuChoices({ label, value, choices, onChange }: MenuChoicesProps) {
  return (
    <DropdownMenu.RadioGroup aria-label={label} value={value} onValueChange={onChange}>
      {choices.map((choice) => (
        <DropdownMenu.RadioItem
          key={choice.value}
          value={choice.value}
          className={classes(row, 'py-1 text-ink')}
        >
          <Icon of={choice.icon} className="shrink-0 text-ink-muted" />
          <span className="min-w-0 flex-1">
            <span className="block truncate">{choice.name}</span>
            {choice.note && (
              <span className="block truncate text-ink-faint text-xs">{choice.note}</span>
            )}
          </span>
          <span className="ml-4 size-4 shrink-0">
            <DropdownMenu.ItemIndicator>
              <Icon of={Check} className="text-sage-ink" />
            </DropdownMenu.ItemIndicator>
          </span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

type SubmenuProps = { icon: LucideIcon; name: string; children: ReactNode }

/** An item that opens a submenu. */
export function Submenu({ icon, name, children }: SubmenuProps) {
  const container = useContext(Container)
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={classes(row, 'text-ink')}>
        <Icon of={icon} className="text-ink-muted" />
        <span className="flex-1">{name}</span>
        <Icon of={ChevronRight} className="text-ink-faint" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal {...(container ? { container } : {})}>
        <DropdownMenu.SubContent sideOffset={6} collisionPadding={8} className={surface}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}
