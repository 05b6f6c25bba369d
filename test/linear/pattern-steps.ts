import type { Node } from './pattern-syntax.ts'

/** Thrown when a search takes more steps than it may. */
export class TooManySteps extends Error {}

type Next = (at: number) => boolean

/**
 * The number of characters that a backtracking search reads until it has found every match, as
 * `matchAll` does. A count does not depend on the load of the machine.
 */
export function countSteps(pattern: Node, flags: string, text: string, maxSteps: number): number {
  let steps = 0

  function take(node: Node & { type: 'set' }, at: number, way: 1 | -1): boolean {
    steps += 1
    if (steps > maxSteps) throw new TooManySteps()
    const unit = text[way === 1 ? at : at - 1]
    return unit !== undefined && node.has(unit)
  }

  function match(node: Node, at: number, way: 1 | -1, next: Next): boolean {
    switch (node.type) {
      case 'set':
        return take(node, at, way) && next(at + way)
      case 'edge':
        steps += 1
        return node.holds(text, at) && next(at)
      case 'sequence':
        return inOrder(way === 1 ? node.items : node.items.toReversed(), 0, at, way, next)
      case 'choice':
        return node.options.some((option) => match(option, at, way, next))
      case 'look': {
        const isThere = match(node.node, at, node.isBehind ? -1 : 1, () => true)
        return isThere !== node.isNot && next(at)
      }
      case 'repeat':
        return node.node.type === 'set'
          ? runOf(node, node.node, at, way, next)
          : again(node, 0, at, way, next)
    }
  }

  function inOrder(
    items: readonly Node[],
    index: number,
    at: number,
    way: 1 | -1,
    next: Next,
  ): boolean {
    const item = items[index]
    if (!item) return next(at)
    return match(item, at, way, (after) => inOrder(items, index + 1, after, way, next))
  }

  /** One character repeated, without a call for each. */
  function runOf(
    { min, max, isLazy }: Node & { type: 'repeat' },
    set: Node & { type: 'set' },
    at: number,
    way: 1 | -1,
    next: Next,
  ): boolean {
    let count = 0
    while (count < (isLazy ? min : max) && take(set, at + count * way, way)) count += 1
    if (count < min) return false
    for (;;) {
      if (next(at + count * way)) return true
      if (!isLazy && count === min) return false
      if (isLazy && (count === max || !take(set, at + count * way, way))) return false
      count += isLazy ? 1 : -1
    }
  }

  function again(
    node: Node & { type: 'repeat' },
    count: number,
    at: number,
    way: 1 | -1,
    next: Next,
  ): boolean {
    const more = () =>
      count < node.max &&
      match(node.node, at, way, (after) => {
        // A round that took nothing is not repeated (ECMA-262, 22.2.2.3.1).
        return (after !== at || count < node.min) && again(node, count + 1, after, way, next)
      })
    if (count < node.min) return more()
    return node.isLazy ? next(at) || more() : more() || next(at)
  }

  const isBound = flags.includes('y') || (startsAtStart(pattern) && !flags.includes('m'))
  let at = 0
  while (at <= text.length) {
    let end = -1
    match(pattern, at, 1, (found) => {
      end = found
      return true
    })
    if (isBound) break
    at = Math.max(end, at + 1)
  }
  return steps
}

/** Engines do not look for these further on. */
function startsAtStart(node: Node): boolean {
  if (node.type === 'edge') return node.holds('a', 0) && !node.holds('aa', 1)
  if (node.type === 'choice') return node.options.every(startsAtStart)
  return node.type === 'sequence' && node.items[0] !== undefined && startsAtStart(node.items[0])
}
