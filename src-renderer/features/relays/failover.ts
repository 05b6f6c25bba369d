import type { Relay } from '../../../src-main/contract/relays.ts'
import { relaysLabels } from './labels.ts'

/** The order in which relays are tried, as sentences. */
export function failoverSentences(relays: readonly Relay[]): readonly string[] {
  const [first, ...others] = relays
  if (!first) return []
  const hasLimit = relays.some(({ daily_limit }) => daily_limit !== null)
  const names = others.map(({ name }) => name)
  return names.length === 0
    ? relaysLabels.failover.single(first.name, hasLimit)
    : relaysLabels.failover.several(first.name, names, hasLimit)
}

/** Moves one id by a number of positions; returns the same array if that is not possible. */
export function moved(ids: readonly string[], id: string, by: number): readonly string[] {
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length || by === 0) return ids
  const rest = ids.filter((other) => other !== id)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}
