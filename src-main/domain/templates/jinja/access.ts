import { charactersOf, lengthOf, sliceText } from './characters.ts'
import { methodOf } from './methods.ts'
import { JinjaProblem } from './problem.ts'
import type { Runtime } from './runtime.ts'
import {
  isDict,
  isList,
  isSpecial,
  itemsOf,
  keyOf,
  markup,
  numberOf,
  textOf,
  titleOf,
  tuple,
  type Value,
} from './values.ts'

/**
 * `value.name`: a field of the data, or a method of its kind. For a call, the method comes first, as
 * in Jinja2; otherwise the field does, so that `order.items` is the list of the order.
 */
export function fieldOf(runtime: Runtime, value: Value, name: string, isCall: boolean): Value {
  if (isDict(value)) {
    const method = isCall || !value.has(name) ? methodOf(runtime, value, name) : undefined
    return method ?? value.get(name)
  }
  if (isSpecial(value, 'callable')) return value.field?.(name)
  if (isSpecial(value, 'namespace')) return value.fields.get(name)
  if (isSpecial(value, 'tuple')) {
    const index = value.names?.indexOf(name) ?? -1
    if (index >= 0) return value.items[index]
  }
  const method = methodOf(runtime, value, name)
  if (method !== undefined) return method
  return /^-?\d+$/.test(name) ? itemOf(runtime, value, Number(name)) : undefined
}

/** `value[key]`. */
export function itemOf(runtime: Runtime, value: Value, key: Value): Value {
  const text = textOf(key)
  if (text !== null) return fieldOf(runtime, value, text, false)
  if (isDict(value)) return value.get(keyOf(key))
  const index = numberOf(key)
  if (index === null || !Number.isInteger(index)) return undefined
  const at = (size: number): number => (index < 0 ? index + size : index)
  const items = itemsOf(value)
  if (items) return items[at(items.length)]
  if (isSpecial(value, 'range')) {
    const place = at(value.size)
    return place >= 0 && place < value.size ? value.start + place * value.step : undefined
  }
  const letters = textOf(value)
  if (letters === null) return undefined
  runtime.meter.spendText(letters.length)
  const place = at(lengthOf(letters))
  const character = place < 0 ? undefined : sliceText(letters, place, place + 1) || undefined
  return character !== undefined && isSpecial(value, 'markup') ? markup(character) : character
}

type Bound = number | null

/** `value[start:end:step]`, by Python's rules. */
export function sliceOf(
  runtime: Runtime,
  value: Value,
  bounds: readonly [Bound, Bound, Bound],
): Value {
  const text = textOf(value)
  if (text !== null) {
    const part = sliceOfText(runtime, text, bounds)
    return isSpecial(value, 'markup') ? markup(part) : part
  }
  if (isSpecial(value, 'range')) {
    runtime.meter.spend(value.size)
    const { start, step, size } = value
    return pick(
      Array.from({ length: size }, (_, index) => start + index * step),
      bounds,
    )
  }
  const items = itemsOf(value)
  if (value === undefined) return undefined
  if (!items) throw new JinjaProblem(`${titleOf(value)} cannot be sliced.`)
  runtime.meter.spend(items.length)
  const picked = pick(items, bounds)
  return isList(value) ? picked : tuple(picked)
}

type Bounds = readonly [Bound, Bound, Bound]

function sliceOfText({ meter }: Runtime, text: string, bounds: Bounds): string {
  meter.spendText(text.length)
  const length = lengthOf(text)
  const { from, to, step } = placesOf(length, bounds)
  if (step === 1) return sliceText(text, from, Math.max(from, to))
  meter.spend(2 * text.length)
  return pick(charactersOf(text), bounds).join('')
}

function placesOf(size: number, [start, end, by]: Bounds) {
  const step = by ?? 1
  if (step === 0) throw new JinjaProblem('The step of a slice cannot be 0.')
  const place = (bound: Bound, fallback: number): number => {
    if (bound === null) return fallback
    const at = bound < 0 ? bound + size : bound
    return step > 0 ? Math.min(Math.max(at, 0), size) : Math.min(Math.max(at, -1), size - 1)
  }
  const from = place(start, step > 0 ? 0 : size - 1)
  const to = place(end, step > 0 ? size : -1)
  return { from, to, step }
}

function pick<Item>(items: readonly Item[], bounds: Bounds): Item[] {
  const { from, to, step } = placesOf(items.length, bounds)
  const picked: Item[] = []
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    const item = items[at]
    if (item !== undefined || at in items) picked.push(item as Item)
  }
  return picked
}
