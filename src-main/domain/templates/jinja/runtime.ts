import { charactersOf } from './characters.ts'
import type { Meter } from './meter.ts'
import { JinjaProblem } from './problem.ts'
import {
  type Arguments,
  type Callable,
  isDict,
  isSpecial,
  itemsOf,
  textOf,
  titleOf,
  type Value,
} from './values.ts'

/** The context that filters, tests and methods use. */
export type Runtime = {
  readonly meter: Meter
  readonly isHtml: boolean
  readonly field: (value: Value, name: string) => Value
  readonly filter: (name: string, value: Value, args: Arguments) => Value
  readonly test: (name: string, value: Value, args: Arguments) => boolean
}

/** Each call of a function, a method or a macro. */
export const callFunction = ({ meter }: Runtime, target: Callable, args: Arguments): Value =>
  meter.result(() => target.call(args))

export type Filter = (runtime: Runtime, value: Value, args: Arguments) => Value

/** The items of a list or a text, or the keys of a map; none for an undefined value. */
export function iterate({ meter }: Pick<Runtime, 'meter'>, value: Value): readonly Value[] {
  if (value === undefined) return []
  const items = itemsOf(value)
  if (items) {
    meter.spend(items.length)
    return items
  }
  const text = textOf(value)
  if (text !== null) {
    meter.spend(2 * text.length)
    return charactersOf(text)
  }
  if (isDict(value)) {
    meter.spend(value.size)
    return [...value.keys()]
  }
  if (isSpecial(value, 'range')) {
    meter.spend(value.size)
    return Array.from({ length: value.size }, (_, index) => value.start + index * value.step)
  }
  throw new JinjaProblem(`${titleOf(value)} has no items.`)
}
