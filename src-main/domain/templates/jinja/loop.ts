import { noArguments } from './call-arguments.ts'
import { isEqual } from './compare.ts'
import { JinjaProblem } from './problem.ts'
import { type Callable, callable, tuple, type Value } from './values.ts'

/** The `loop` of one pass; `repeat` renders the loop's body for other items. */
export function createLoop(
  items: readonly Value[],
  depth: number,
  repeat: ((items: Value) => Value) | null,
) {
  let at = 0
  let last: Value
  let hasLast = false

  const cycle = callable('method cycle', ({ positional }) => {
    if (positional.length === 0) throw new JinjaProblem('“loop.cycle” needs at least one value.')
    return positional[at % positional.length]
  })
  const changed = callable('method changed', ({ positional }) => {
    const values = tuple(positional)
    const isChanged = !hasLast || !isEqual(last, values)
    last = values
    hasLast = true
    return isChanged
  })

  const fields: Readonly<Record<string, () => Value>> = {
    index: () => at + 1,
    index0: () => at,
    revindex: () => items.length - at,
    revindex0: () => items.length - at - 1,
    first: () => at === 0,
    last: () => at === items.length - 1,
    length: () => items.length,
    depth: () => depth,
    depth0: () => depth - 1,
    previtem: () => (at > 0 ? items[at - 1] : undefined),
    nextitem: () => items[at + 1],
    cycle: () => cycle,
    changed: () => changed,
  }

  const value: Callable = {
    type: 'callable',
    title: 'loop',
    call({ positional: [inner] } = noArguments) {
      if (repeat) return repeat(inner)
      throw new JinjaProblem('“loop()” needs a loop with the word “recursive”.')
    },
    field: (name) => (Object.hasOwn(fields, name) ? fields[name]?.() : undefined),
  }

  return {
    value,
    moveTo(index: number): void {
      at = index
    },
  }
}
