import { Command as List } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { create } from 'zustand'
import { type Command, useCommandList } from '../../app/commands.ts'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useFound } from './palette-search.ts'

const usePalette = create<{ open: boolean }>(() => ({ open: false }))

export function showPalette(): void {
  usePalette.setState({ open: true })
}

function hidePalette(): void {
  usePalette.setState({ open: false })
}

/** Everything there is to do and much of what there is, by a few letters of its name. */
export function Palette() {
  const open = usePalette((state) => state.open)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => usePalette.setState({ open: next })}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 top-[14vh] z-40 mx-auto w-[600px] max-w-[calc(100vw-48px)] animate-rise overflow-hidden rounded-xl bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Command palette</Dialog.Title>
          <Choices />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Choices() {
  const lists = useCommandList((state) => state.lists)
  const [text, setText] = useState('')
  const [picked, pick] = useState('')
  const found = useFound(text)
  const firstFound = found[0]?.id
  // The library picks when the words change; what is found comes later.
  useEffect(() => {
    if (picked === '' && firstFound) pick(firstFound)
  }, [picked, firstFound])
  const commands = lists.flat()
  const best = (group: string) =>
    Math.max(
      ...commands.map((command) =>
        command.group === group ? closeness(command.id, text, wordsOf(command)) : 0,
      ),
    )
  // The library orders the commands of a group, not always the groups.
  const groups = [...new Set(commands.map(({ group }) => group))].sort((a, b) => best(b) - best(a))
  return (
    <List label="Command palette" loop filter={closeness} value={picked} onValueChange={pick}>
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Icon of={Search} size={16} className="text-ink-faint" />
        <List.Input
          value={text}
          onValueChange={setText}
          placeholder="Search messages and keys, or do something"
          className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-ink-faint focus-visible:outline-none"
        />
        <Kbd shortcut="Esc" />
      </div>
      <List.List className="max-h-[min(420px,60vh)] overflow-y-auto overscroll-contain p-2">
        {found.length === 0 ? (
          <List.Empty className="px-2 py-6 text-center text-ink-muted">
            Nothing is called that. Try fewer letters.
          </List.Empty>
        ) : (
          <Group name="Found" forceMount>
            {found.map((command) => (
              <Choice key={command.id} command={command} forceMount />
            ))}
          </Group>
        )}
        {groups.map((name) => (
          <Group key={name} name={name}>
            {commands
              .filter(({ group }) => group === name)
              .map((command) => (
                <Choice key={command.id} command={command} />
              ))}
          </Group>
        ))}
      </List.List>
    </List>
  )
}

/** A name that begins so, one with a word that does, one that has it anywhere; nothing fuzzy. */
function closeness(_id: string, search: string, [label = '', ...others]: string[] = []): number {
  const wanted = search.trim().toLowerCase()
  const name = label.toLowerCase()
  // The whole name before longer ones: “Connect” is the screen, not “Connect to another server…”.
  if (name.startsWith(wanted)) return 0.9 + 0.1 * (wanted.length / name.length)
  if (name.includes(` ${wanted}`)) return 0.8
  if (name.includes(wanted)) return 0.6
  return others.some((word) => word.toLowerCase().includes(wanted)) ? 0.4 : 0
}

const wordsOf = ({ label, keywords }: Command): string[] => [label, ...(keywords ? [keywords] : [])]

function Group({ name, forceMount, children }: GroupProps) {
  return (
    <List.Group
      heading={name}
      {...(forceMount ? { forceMount } : {})}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </List.Group>
  )
}

type GroupProps = { name: string; forceMount?: boolean; children: ReactNode }

function Choice({ command, forceMount }: { command: Command; forceMount?: boolean }) {
  const { id, label, icon, shortcut, run } = command
  const act = () => {
    hidePalette()
    // The palette gives the focus back first, so that what opens next may take it.
    setTimeout(run)
  }
  return (
    <List.Item
      value={id}
      keywords={wordsOf(command)}
      {...(forceMount ? { forceMount } : {})}
      onSelect={act}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-selected"
    >
      <span className="flex w-4 justify-center">
        {icon && <Icon of={icon} size={16} className="text-ink-muted" />}
      </span>
      <span title={label} className="min-w-0 flex-1 truncate">
        {label}
      </span>
      {shortcut && <Kbd shortcut={shortcut} />}
    </List.Item>
  )
}
