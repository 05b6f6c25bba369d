import type { Node } from './pattern-syntax.ts'

type Repeat = {
  /** A text that the pattern matches before it. */
  readonly before: string
  readonly rounds: readonly string[]
}

/** A text that matches a node, without lookarounds. `pick` cycles through the choices. */
function example(node: Node, pick: number): string {
  switch (node.type) {
    case 'set':
      return node.samples[pick % Math.max(1, node.samples.length)] ?? ''
    case 'sequence':
      return node.items.map((item) => example(item, pick)).join('')
    case 'choice': {
      const option = node.options[pick % node.options.length]
      return option ? example(option, Math.floor(pick / node.options.length)) : ''
    }
    case 'repeat':
      return example(node.node, pick).repeat(Math.max(node.min, Math.min(1, node.max)))
    default:
      return ''
  }
}

/** A repeat with no more rounds than this costs no more than a constant. */
export const smallRounds = 30

function repeatsOf(node: Node, before: string): Repeat[] {
  switch (node.type) {
    case 'sequence': {
      const found: Repeat[] = []
      let sofar = before
      for (const item of node.items) {
        found.push(...repeatsOf(item, sofar))
        sofar += example(item, 0)
      }
      return found
    }
    case 'choice':
      return node.options.flatMap((option) => repeatsOf(option, before))
    case 'look':
      return repeatsOf(node.node, before)
    case 'repeat': {
      const rounds = [0, 1, 2, 3, 5, 8, 13].map((pick) => example(node.node, pick))
      const own = node.max > smallRounds ? [{ before, rounds: unique(rounds) }] : []
      return [...own, ...repeatsOf(node.node, before)]
    }
    default:
      return []
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].filter(Boolean)

/** True when no text can make a search cost more than a constant for each character. */
export function isBounded(node: Node): boolean {
  switch (node.type) {
    case 'sequence':
      return node.items.every(isBounded)
    case 'choice':
      return node.options.every(isBounded)
    case 'look':
      return isBounded(node.node)
    case 'repeat':
      return node.max <= smallRounds && isBounded(node.node)
    default:
      return true
  }
}

/**
 * Texts from the pattern that make a slow search slow: its repeated parts, repeated; its
 * beginning, repeated; each followed by a text that does not match.
 */
export function hostileTexts(pattern: Node): readonly ((length: number) => string)[] {
  const repeats = repeatsOf(pattern, '')
  const whole = unique([0, 1, 2, 3].map((pick) => example(pattern, pick)))
  const pumps = new Map<string, { before: string; pump: string }>()
  const add = (before: string, pump: string) => {
    if (pump !== '') pumps.set(`${before}\0${pump}`, { before, pump })
  }
  for (const { before, rounds } of repeats) {
    for (const round of rounds) {
      add(before, round)
      add('', before + round)
    }
    const [first = '', second = ''] = rounds
    add(before, first + second)
    add('', before)
    for (const { rounds: others } of repeats) add(before, first + (others[0] ?? ''))
  }
  for (const one of whole) {
    add('', one)
    add('', one.slice(0, -1))
  }
  return [...pumps.values()].flatMap(({ before, pump }) =>
    ['', '\u0001', '\n'].map(
      (after) => (length: number) => before + pump.repeat(Math.ceil(length / pump.length)) + after,
    ),
  )
}
