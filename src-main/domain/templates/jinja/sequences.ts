import { orderOf } from './compare.ts'
import type { Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import type { Runtime } from './runtime.ts'
import { createTextWriter, type TextWriter } from './text-writer.ts'
import { isSpecial, numberOf, textOf, type Value } from './values.ts'

/** Reads `a.b.0` of an item; without a path, the item itself. */
export function pathReader(runtime: Runtime, path: Value): (item: Value) => Value {
  if (path === undefined || path === null) return (item) => item
  const text = print(path)
  runtime.meter.spend(text.length)
  const names = text.split('.')
  return (item) => names.reduce<Value>((value, name) => runtime.field(value, name), item)
}

/** Texts compare without case, unless `isCaseSensitive`. */
export const foldCase = (value: Value, isCaseSensitive: boolean): Value =>
  isCaseSensitive ? value : (textOf(value)?.toLowerCase() ?? value)

/** A stable sort. */
export function sortBy(
  { meter }: Runtime,
  items: readonly Value[],
  keyOf: (item: Value) => Value,
  isReversed: boolean,
): Value[] {
  meter.spend(items.length * Math.ceil(Math.log2(items.length + 2)))
  const keyed = items.map((item) => ({ item, key: keyOf(item) }))
  keyed.sort((one, other) => (isReversed ? -1 : 1) * orderOf(one.key, other.key))
  return keyed.map(({ item }) => item)
}

/** A value that is equal for equal items, for sets of texts and numbers. */
export function identityOf(meter: Meter, value: Value): unknown {
  const number = numberOf(value)
  if (number !== null) return number
  if (value === null || value === undefined) return value
  const text = textOf(value)
  if (text !== null) return `t${text}`
  const writer = createTextWriter(meter)
  writeIdentity(meter, writer, value)
  return writer.read()
}

/** The length before each text and tuple makes the parts distinct. */
function writeIdentity(meter: Meter, writer: TextWriter, value: Value): void {
  meter.spend(1)
  const text = textOf(value)
  const number = numberOf(value)
  if (text !== null) {
    writer.add(`t${text.length}:`)
    writer.add(text)
  } else if (isSpecial(value, 'tuple')) {
    writer.add(`l${value.items.length}:`)
    for (const item of value.items) writeIdentity(meter, writer, item)
  } else if (number !== null || value === null || value === undefined) {
    writer.add(`${number ?? value};`)
  } else throw new JinjaProblem('“unique” compares texts and numbers only.')
}
