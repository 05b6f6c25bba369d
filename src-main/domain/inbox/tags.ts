import { Fault } from '../../contract/faults.ts'
import type { MessageOptions } from '../messages/submission.ts'

export type TagChange = (known: readonly string[]) => readonly string[]

const maxTags = 50

/** The tags in the stored options of a message. */
export function tagsOf(options: string | null): string[] {
  if (options === null) return []
  const { tags = [] } = JSON.parse(options) as MessageOptions
  return [...tags]
}

/** Removes duplicates, ignoring case, and refuses too many. */
export function normaliseTags(names: readonly string[]): string[] {
  const seen = new Set<string>()
  const tags = names.filter((name) => !seen.has(foldCase(name)) && seen.add(foldCase(name)))
  if (tags.length <= maxTags) return tags
  throw new Fault('invalid_parameter', `A message may have at most ${maxTags} tags.`)
}

export const isSameTags = (known: readonly string[], next: readonly string[]): boolean =>
  next.length === known.length && next.every((tag, at) => tag === known[at])

/** Undefined when there is nothing to add or to remove. */
export function tagChange(
  added: readonly string[] | undefined,
  removed: readonly string[] | undefined,
): TagChange | undefined {
  if (!added && !removed) return undefined
  const dropped = new Set(removed?.map(foldCase))
  return (known) => [...known.filter((name) => !dropped.has(foldCase(name))), ...(added ?? [])]
}

/** ASCII only, as the collation NOCASE of the tag index compares. */
const foldCase = (tag: string): string => tag.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
