import type { Relay } from '../../../src-main/contract/relays.ts'

/** What happens to a live message, a sentence each. */
export function failoverWords(relays: readonly Relay[]): readonly string[] {
  const [first, ...others] = relays
  if (!first) return []
  const limits = relays.some(({ daily_limit }) => daily_limit !== null)
  const then = others.map(({ name }) => name).join(', then ')
  const when = limits ? 'cannot be reached or is at its limit' : 'cannot be reached'
  return [
    others.length === 0 ? `${first.name} takes every message.` : `First ${first.name}.`,
    ...(others.length === 0 ? [] : [`If it ${when}, ${then}.`]),
    `If ${others.length === 0 ? `it ${when}` : 'none can be reached'}, the message waits in the outbox and is tried again.`,
    'A refusal of the message itself is final: no other relay is asked.',
  ]
}

/** The ids with one moved by so many places; the same list where that is not possible. */
export function moved(ids: readonly string[], id: string, by: number): readonly string[] {
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length || by === 0) return ids
  const rest = ids.filter((other) => other !== id)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}
