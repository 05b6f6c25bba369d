import { formatDigits, readSize, requireNumber } from './format-spec.ts'
import { escapeHtml } from './html-escape.ts'
import type { Meter } from './meter.ts'
import { print, represent } from './print.ts'
import { JinjaProblem } from './problem.ts'
import {
  type Arguments,
  isFloat,
  isSpecial,
  markup,
  numberOf,
  textOf,
  type Value,
} from './values.ts'

const field = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g
const specification = /^(?:(.)?([<>^=]))?([-+ ])?(#)?(0)?(\d*)([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

/** `'{} of {:.2f}'.format(a, b)` as in Python. */
export function formatBraces(
  meter: Meter,
  format: Value,
  { positional, named }: Arguments,
  read: (value: Value, name: string) => Value,
): Value {
  const isHtml = isSpecial(format, 'markup')
  let used = 0
  const text = (textOf(format) ?? '').replace(field, (found: string, inside?: string) => {
    if (found === '{{' || found === '}}') return found.slice(1)
    if (inside === undefined) throw new JinjaProblem(`The format has an unmatched “${found}”.`)
    const [, path = '', conversion, spec = ''] =
      /^([^!:]*)(?:!([rs]))?(?::(.*))?$/s.exec(inside) ?? []
    const [name = '', ...fields] = path.split('.')
    const start = /^\d*$/.test(name)
      ? itemAt(positional, name === '' ? used++ : Number(name))
      : itemNamed(named, name)
    const value = fields.reduce<Value>(read, start)
    const shown = conversion === 'r' ? represent(value) : value
    const made = spec === '' && isHtml ? escapeHtml(shown).text : formatBySpec(shown, spec)
    meter.spendText(made.length)
    return made
  })
  return isHtml ? markup(text) : text
}

function itemAt(positional: readonly Value[], index: number): Value {
  if (index < positional.length) return positional[index]
  throw new JinjaProblem('The format has more places than values.')
}

function itemNamed(named: ReadonlyMap<string, Value>, name: string): Value {
  if (named.has(name)) return named.get(name)
  throw new JinjaProblem(`The format needs a value “${name}”.`)
}

function formatBySpec(value: Value, spec: string): string {
  if (spec === '') return print(value)
  const parts = specification.exec(spec)
  if (!parts) throw new JinjaProblem(`There is no format “${spec.slice(0, 40)}”.`)
  const [, fill, align, sign = '-', alternate, zero, width, group, precision, type] = parts
  const number = numberOf(value)
  const size = readSize(width) ?? 0
  if (number === null || type === 's') {
    if (type !== undefined && type !== 's') requireNumber(number, value)
    const text = print(value).slice(0, readSize(precision) ?? undefined)
    return alignText(text, align ?? '<', fill ?? ' ', size)
  }
  const letter = type ?? (precision ? 'g' : isFloat(value) ? null : 'd')
  const digits = letter
    ? formatDigits(number, {
        type: letter,
        precision: readSize(precision),
        isAlternate: !!alternate,
      })
    : print(value).replace('-', '')
  const grouped = group ? digits.replace(/^\d+/, (whole) => groupDigits(whole, group)) : digits
  const mark = number < 0 ? '-' : sign === '-' ? '' : sign
  if (zero && !align) return mark + grouped.padStart(size - mark.length, '0')
  if (align === '=') return mark + grouped.padStart(size - mark.length, fill ?? ' ')
  return alignText(mark + grouped, align ?? '>', fill ?? ' ', size)
}

/** Groups of three digits from the right. */
function groupDigits(digits: string, mark: string): string {
  const first = digits.length % 3
  const groups = digits.slice(first).match(/\d{3}/g) ?? []
  return (first > 0 ? [digits.slice(0, first), ...groups] : groups).join(mark)
}

function alignText(text: string, align: string, fill: string, size: number): string {
  if (align === '<') return text.padEnd(size, fill)
  if (align === '>') return text.padStart(size, fill)
  const missing = Math.max(0, size - text.length)
  return text.padStart(text.length + Math.floor(missing / 2), fill).padEnd(size, fill)
}
