import { formatPercent } from './format-percent.ts'
import { escapeHtml } from './html-escape.ts'
import type { Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import type { BinaryOperator } from './syntax.ts'
import { createTextWriter } from './text-writer.ts'
import {
  float,
  integer,
  isFloat,
  isList,
  isSpecial,
  itemsOf,
  markup,
  numberOf,
  textOf,
  titleOf,
  tuple,
  type Value,
} from './values.ts'

export function calculate(
  meter: Meter,
  operator: BinaryOperator,
  left: Value,
  right: Value,
): Value {
  if (operator === '%' && textOf(left) !== null) return formatPercent(meter, left, right)
  const [one, other] = [numberOf(left), numberOf(right)]
  if (one !== null && other !== null) {
    const isExact = !isFloat(left) && !isFloat(right)
    return calculateNumbers(operator, one, other, isExact)
  }
  if (operator === '+') return add(meter, left, right)
  if (operator === '*' && other !== null) return repeat(meter, left, other, isFloat(right))
  if (operator === '*' && one !== null) return repeat(meter, right, one, isFloat(left))
  throw unsuited(operator, left, right)
}

function calculateNumbers(
  operator: BinaryOperator,
  left: number,
  right: number,
  isExact: boolean,
): Value {
  const result = isExact ? integer : float
  switch (operator) {
    case '+':
      return result(left + right)
    case '-':
      return result(left - right)
    case '*':
      return result(left * right)
    case '/':
      return float(left / nonZero(right))
    case '//':
      return result(Math.floor(left / nonZero(right)))
    case '%':
      return result(modulo(left, nonZero(right)))
    case '**':
      if (isExact && right >= 0) return integer(left ** right)
      if (left === 0 && right < 0) nonZero(0)
      return float(real(left ** right))
  }
}

/** The sign of the divisor, as in Python. */
function modulo(left: number, right: number): number {
  const rest = left % right
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest
}

function nonZero(value: number): number {
  if (value !== 0) return value
  throw new JinjaProblem('A number cannot be divided by 0.')
}

function real(value: number): number {
  if (Number.isFinite(value)) return value
  throw new JinjaProblem('The result of “**” is not a number.')
}

function add(meter: Meter, left: Value, right: Value): Value {
  const [text, other] = [textOf(left), textOf(right)]
  if (text !== null && other !== null) {
    meter.spendText(text.length + other.length)
    const isMarkup = isSpecial(left, 'markup') || isSpecial(right, 'markup')
    return isMarkup ? markup(escapeHtml(left).text + escapeHtml(right).text) : text + other
  }
  const [items, others] = [itemsOf(left), itemsOf(right)]
  if (items && others && isList(left) === isList(right)) {
    meter.spend(items.length + others.length)
    const all = [...items, ...others]
    return isList(left) ? all : tuple(all)
  }
  throw unsuited('+', left, right)
}

function repeat(meter: Meter, value: Value, times: number, isFraction: boolean): Value {
  const text = textOf(value)
  const items = itemsOf(value)
  if (isFraction || (text === null && !items)) throw unsuited('*', value, times)
  const count = Math.max(0, times)
  if (text !== null) {
    meter.spendText(text.length * count)
    return isSpecial(value, 'markup') ? markup(text.repeat(count)) : text.repeat(count)
  }
  const size = (items?.length ?? 0) * count
  meter.spend(size)
  const all = Array.from({ length: size }, (_, index) => items?.[index % items.length])
  return isList(value) ? all : tuple(all)
}

function unsuited(operator: string, left: Value, right: Value): JinjaProblem {
  const isText = operator === '+' && (textOf(left) !== null || textOf(right) !== null)
  const hint = isText ? ' Join texts and other values with “~”.' : ''
  return new JinjaProblem(
    `“${operator}” cannot combine ${titleOf(left)} and ${titleOf(right)}.${hint}`,
  )
}

/** `~`: joins the printed values; one that is HTML makes the others HTML too. */
export function concatenate(meter: Meter, parts: readonly Value[], isHtml: boolean): Value {
  const isMarkup = isHtml && parts.some((part) => isSpecial(part, 'markup'))
  const writer = createTextWriter(meter)
  for (const part of parts) writer.add(isMarkup ? escapeHtml(part).text : print(part))
  return isMarkup ? markup(writer.read()) : writer.read()
}

export function negate(operator: '-' | '+', value: Value): Value {
  const number = numberOf(value)
  if (number === null)
    throw new JinjaProblem(`“${operator}” needs a number, not ${titleOf(value)}.`)
  const result = operator === '-' ? -number : number
  return isFloat(value) ? float(result) : integer(result)
}
