import { formatDigits, readSize, requireNumber } from './format-spec.ts'
import { escapeHtml } from './html-escape.ts'
import type { Meter } from './meter.ts'
import { print, represent } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { isDict, isSpecial, markup, numberOf, textOf, type Value } from './values.ts'

const placeholder = /%(?:\(([^()]*)\))?([-+ #0]*)((?:[1-9]\d*)?)(?:\.(\d+))?([a-zA-Z%])/g

/** `'%s of %d' % (a, b)` as in Python. */
export function formatPercent(meter: Meter, format: Value, value: Value): Value {
  const text = textOf(format) ?? ''
  const isHtml = isSpecial(format, 'markup')
  const items = isSpecial(value, 'tuple') ? value.items : [value]
  let used = 0
  const formatted = text.replace(placeholder, (_all, name, flags, width, precision, type) => {
    if (type === '%') return '%'
    if (name === undefined && used >= items.length) {
      throw new JinjaProblem('The format has more places than values.')
    }
    const item = name === undefined ? items[used++] : isDict(value) ? value.get(name) : undefined
    const made = pad(formatOne(item, flags, precision, type, isHtml), flags, width)
    meter.spendText(made.length)
    return made
  })
  if (used < items.length && !isDict(value)) {
    throw new JinjaProblem('The format has fewer places than values.')
  }
  return isHtml ? markup(formatted) : formatted
}

function formatOne(
  value: Value,
  flags: string,
  precision: string | undefined,
  type: string,
  isHtml: boolean,
): string {
  if (type === 's' || type === 'r') {
    const printed = type === 'r' ? represent(value) : print(value)
    const text = isHtml ? escapeHtml(type === 'r' ? printed : value).text : printed
    return text.slice(0, readSize(precision) ?? undefined)
  }
  const number = requireNumber(numberOf(value), value)
  const spec = { type, precision: readSize(precision), isAlternate: flags.includes('#') }
  const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  return sign + formatDigits(number, spec)
}

function pad(text: string, flags: string, width: string): string {
  const size = readSize(width) ?? 0
  if (flags.includes('-')) return text.padEnd(size)
  if (!flags.includes('0')) return text.padStart(size)
  const [, sign = '', digits = ''] = /^([-+ ]?)(.*)$/s.exec(text) ?? []
  return sign + digits.padStart(size - sign.length, '0')
}
