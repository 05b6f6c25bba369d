import type { LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'

/** An entry of the command palette. */
export type Command = {
  readonly id: string
  readonly label: string
  /** The heading above it: the name of a screen, or `Go to`. */
  readonly group: string
  readonly icon?: LucideIcon
  readonly shortcut?: string
  /** Further search terms. */
  readonly keywords?: string
  readonly run: () => void
}

/** Commands by provider, the latest provider first. */
export const useCommandList = create<{ lists: readonly (readonly Command[])[] }>(() => ({
  lists: [],
}))

/** Adds commands to the palette. Returns a function that removes them. */
export function provideCommands(commands: readonly Command[]): () => void {
  useCommandList.setState(({ lists }) => ({ lists: [commands, ...lists] }))
  return () =>
    useCommandList.setState(({ lists }) => ({ lists: lists.filter((list) => list !== commands) }))
}

/** Adds commands while the component is mounted. The list must be memoized. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => provideCommands(commands), [commands])
}
