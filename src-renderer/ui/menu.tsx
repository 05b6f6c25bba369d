import type { LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'

export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-rise rounded-lg bg-raised p-1 shadow-float"
        >
          {children}
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
        'flex h-7 select-none items-center gap-2 rounded-md px-2 outline-none data-disabled:opacity-40 data-highlighted:bg-hover',
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
