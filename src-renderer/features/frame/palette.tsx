import { Command as List } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { create } from 'zustand'
import { type Command, useCommandList } from '../../app/commands.ts'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { frameLabels } from './labels.ts'
import { useSearchResults } from './palette-search.ts'

const usePalette = create<{ open: boolean }>(() => ({ open: false }))

export function showPalette(): void {
  usePalette.setState({ open: true })
}

function hidePalette(): void {
  usePalette.setState({ open: false })
}

/** Searches commands, messages and keys by name. */
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
          <Dialog.Title className="sr-only">{frameLabels.palette}</Dialog.Title>
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
  const results = useSearchResults(text)
  const firstResult = results[0]?.id
  // The library selects an item when the text changes; results arrive later.
  useEffect(() => {
    if (picked === '' && firstResult) pick(firstResult)
  }, [picked, firstResult])
  const commands = lists.flat()
  const bestScore = (group: string) =>
    Math.max(
      ...commands.map((command) =>
        command.group === group ? scoreMatch(command.id, text, searchTermsOf(command)) : 0,
      ),
    )
  // The library sorts the commands of a group, but not always the groups.
  const groups = [...new Set(commands.map(({ group }) => group))].sort(
    (a, b) => bestScore(b) - bestScore(a),
  )
  return (
    <List label={frameLabels.palette} loop filter={scoreMatch} value={picked} onValueChange={pick}>
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Icon of={Search} size={16} className="text-ink-faint" />
        <List.Input
          value={text}
          onValueChange={setText}
          placeholder={frameLabels.palettePlaceholder}
          className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-ink-faint focus-visible:outline-none"
        />
        <Kbd shortcut="Esc" />
      </div>
      <List.List className="max-h-[min(420px,60vh)] overflow-y-auto overscroll-contain p-2">
        {results.length === 0 ? (
          <List.Empty className="px-2 py-6 text-center text-ink-muted">
            {frameLabels.noResults}
          </List.Empty>
        ) : (
          <Group name={frameLabels.results} forceMount>
            {results.map((command) => (
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

/** Ranks a label prefix first, then a word prefix, then any substring, then keywords. */
function scoreMatch(_id: string, search: string, [label = '', ...others]: string[] = []): number {
  const wanted = search.trim().toLowerCase()
  const name = label.toLowerCase()
  // An exact match ranks above longer names: “Connect” before “Connect to another server…”.
  if (name.startsWith(wanted)) return 0.9 + 0.1 * (wanted.length / name.length)
  if (name.includes(` ${wanted}`)) return 0.8
  if (name.includes(wanted)) return 0.6
  return others.some((word) => word.toLowerCase().includes(wanted)) ? 0.4 : 0
}

const searchTermsOf = ({ label, keywords }: Command): string[] => [
  label,
  ...(keywords ? [keywords] : []),
]

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
    // The palette restores the focus first, so that the command can move it.
    setTimeout(run)
  }
  return (
    <List.Item
      value={id}
      keywords={searchTermsOf(command)}
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
