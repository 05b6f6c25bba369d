import type { Meter } from './meter.ts'
import { JinjaProblem } from './problem.ts'
import type { ComparisonOperator } from './syntax.ts'
import { indexIn } from './text-search.ts'
import {
  isDict,
  isSpecial,
  itemsOf,
  keyOf,
  numberOf,
  textOf,
  titleOf,
  type Value,
} from './values.ts'

const maxDepth = 100
const maxCompared = 500_000

export function compare(
  meter: Meter,
  operator: ComparisonOperator,
  left: Value,
  right: Value,
): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    case 'in':
      return contains(meter, right, left)
    case 'not in':
      return !contains(meter, right, left)
    case '<':
      return orderOf(left, right) < 0
    case '<=':
      return orderOf(left, right) <= 0
    case '>':
      return orderOf(left, right) > 0
    case '>=':
      return orderOf(left, right) >= 0
  }
}

export function isEqual(
  left: Value,
  right: Value,
  depth = 0,
  budget: { left: number } = { left: maxCompared },
): boolean {
  if (left === right) return true
  budget.left -= 1
  if (budget.left < 0) throw new JinjaProblem('Two values are too large to be compared.')
  if (depth > maxDepth)
    throw new JinjaProblem(
      'A list or a map contains itself, or is nested more than 100 levels deep.',
    )
  const number = numberOf(left)
  if (number !== null) return number === numberOf(right)
  const text = textOf(left)
  if (text !== null) return text === textOf(right)
  if (isDict(left)) {
    if (!isDict(right) || left.size !== right.size) return false
    return [...left].every(
      ([key, one]) => right.has(key) && isEqual(one, right.get(key), depth + 1, budget),
    )
  }
  const items = itemsOf(left)
  const others = itemsOf(right)
  // A tuple never equals a list.
  if (!items || !others || Array.isArray(left) !== Array.isArray(right)) return false
  return (
    items.length === others.length &&
    items.every((one, index) => isEqual(one, others[index], depth + 1, budget))
  )
}

/** Below zero, zero or above; refuses values without an order. */
export function orderOf(left: Value, right: Value, depth = 0): number {
  if (depth > maxDepth)
    throw new JinjaProblem(
      'A list or a map contains itself, or is nested more than 100 levels deep.',
    )
  const [number, other] = [numberOf(left), numberOf(right)]
  if (number !== null && other !== null) return number - other
  const [text, otherText] = [textOf(left), textOf(right)]
  if (text !== null && otherText !== null) return orderOfTexts(text, otherText)
  const [items, others] = [itemsOf(left), itemsOf(right)]
  if (!items || !others) {
    throw new JinjaProblem(`${titleOf(left)} and ${titleOf(right)} cannot be ordered.`)
  }
  for (let index = 0; index < Math.min(items.length, others.length); index++) {
    if (isEqual(items[index], others[index], depth + 1)) continue
    return orderOf(items[index], others[index], depth + 1)
  }
  return items.length - others.length
}

/** By code points, as Python does. */
function orderOfTexts(left: string, right: string): number {
  if (left === right) return 0
  let at = 0
  while (left[at] === right[at]) at += 1
  const [code, other] = [left.codePointAt(at) ?? -1, right.codePointAt(at) ?? -1]
  return code - other
}

export function contains(meter: Meter, container: Value, value: Value): boolean {
  const text = textOf(container)
  if (text !== null) {
    const part = textOf(value)
    if (part === null)
      throw new JinjaProblem(`A text can contain only texts, not ${titleOf(value)}.`)
    return indexIn(meter, text, part) >= 0
  }
  if (container === undefined) return false
  if (isDict(container)) return container.has(keyOf(value))
  const items = itemsOf(container)
  if (items) return items.some((one) => isEqual(one, value))
  if (isSpecial(container, 'range')) {
    const index = ((numberOf(value) ?? Number.NaN) - container.start) / container.step
    return Number.isInteger(index) && index >= 0 && index < container.size
  }
  throw new JinjaProblem(`“in” needs a list, a map or a text, not ${titleOf(container)}.`)
}
