import { bind, flagArgument, numberArgument } from './call-arguments.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { roundTo, toFixed } from './rounding.ts'
import type { Filter } from './runtime.ts'
import { float, integer, isFloat, numberOf, textOf, titleOf, type Value } from './values.ts'

function need(name: string, value: Value): number {
  const number = numberOf(value)
  if (number !== null) return number
  throw new JinjaProblem(`“${name}” needs a number, not ${titleOf(value)}.`)
}

const round: Filter = (_runtime, value, args) => {
  const bound = bind('round', args, ['precision', 'method'])
  const number = need('round', value)
  const precision = numberArgument(bound.precision, 0)
  const method = bound.method === undefined ? 'common' : print(bound.method)
  if (method === 'common') {
    const rounded = roundTo(number, precision)
    return isFloat(value) ? float(rounded) : integer(rounded)
  }
  if (method !== 'ceil' && method !== 'floor') {
    throw new JinjaProblem('“round” has the methods common, ceil and floor.')
  }
  const unit = 10 ** precision
  return float(Math[method](number * unit) / unit)
}

const toInteger: Filter = (_runtime, value, args) => {
  const bound = bind('int', args, ['default', 'base'])
  const fallback = bound.default ?? 0
  const number = numberOf(value)
  if (number !== null) return Number.isFinite(number) ? integer(Math.trunc(number)) : fallback
  const text = textOf(value)?.trim().replaceAll('_', '').toLowerCase() ?? ''
  const base = numberArgument(bound.base, 10)
  const prefix = ({ 2: '0b', 8: '0o', 16: '0x' } as Record<number, string>)[base] ?? ''
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text) ?? []
  const plain = prefix && body.startsWith(prefix) ? body.slice(2) : body
  if (base !== 10) {
    const found = /^[\da-z]+$/.test(plain) ? Number.parseInt(plain, base) : Number.NaN
    return Number.isNaN(found) ? fallback : integer(sign === '-' ? -found : found)
  }
  const found = parseDecimal(text)
  return found === null || !Number.isFinite(found) ? fallback : integer(Math.trunc(found))
}

const toFloat: Filter = (_runtime, value, args) => {
  const { default: fallback = float(0) } = bind('float', args, ['default'])
  const found = numberOf(value) ?? parseDecimal(textOf(value)?.trim().replaceAll('_', '') ?? '')
  return found === null ? fallback : float(found)
}

const parseDecimal = (text: string): number | null =>
  /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : null

const filesizeformat: Filter = (_runtime, value, args) => {
  const isBinary = flagArgument(bind('filesizeformat', args, ['binary']).binary, false)
  const bytes = numberOf(value) ?? parseDecimal(print(value))
  if (bytes === null) throw new JinjaProblem('“filesizeformat” needs a number.')
  const base = isBinary ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const prefixes = isBinary ? ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'] : ['k', 'M', 'G', 'T', 'P']
  const found = prefixes.findIndex((_, index) => bytes < base ** (index + 2))
  const index = found < 0 ? prefixes.length - 1 : found
  return `${toFixed(bytes / base ** (index + 1), 1)} ${prefixes[index]}B`
}

export const numberFilters: Readonly<Record<string, Filter>> = {
  round,
  int: toInteger,
  float: toFloat,
  abs: (_runtime, value) => {
    const number = Math.abs(need('abs', value))
    return isFloat(value) ? float(number) : number
  },
  filesizeformat,
}
