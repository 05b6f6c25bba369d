import type { LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'

/** Something a person can do from the command palette. */
export type Command = {
  readonly id: string
  readonly label: string
  /** The heading it stands under: a screen's name, or `Go to`. */
  readonly group: string
  readonly icon?: LucideIcon
  readonly shortcut?: string
  /** Other words it is found by. */
  readonly keywords?: string
  readonly run: () => void
}

/** What the palette offers now: each provider's commands, the latest provider first. */
export const useCommandList = create<{ lists: readonly (readonly Command[])[] }>(() => ({
  lists: [],
}))

/** Offers commands until the function given back is called. */
export function provideCommands(commands: readonly Command[]): () => void {
  useCommandList.setState(({ lists }) => ({ lists: [commands, ...lists] }))
  return () =>
    useCommandList.setState(({ lists }) => ({ lists: lists.filter((list) => list !== commands) }))
}

/** Offers commands for as long as the component is shown. Memoize the list. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => provideCommands(commands), [commands])
}
