import { printFloat } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { toFixed } from './rounding.ts'
import { titleOf, type Value } from './values.ts'

export type Spec = {
  readonly type: string
  readonly precision: number | null
  readonly isAlternate: boolean
}

/** Digits of a number without sign, in the form of a letter of Python's formats. */
export function formatDigits(number: number, { type, precision, isAlternate }: Spec): string {
  const size = Math.abs(number)
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(size))
    case 'x':
      return `${isAlternate ? '0x' : ''}${whole(number).toString(16)}`
    case 'X':
      return `${isAlternate ? '0X' : ''}${whole(number).toString(16).toUpperCase()}`
    case 'o':
      return `${isAlternate ? '0o' : ''}${whole(number).toString(8)}`
    case 'b':
      return `${isAlternate ? '0b' : ''}${whole(number).toString(2)}`
    case 'f':
    case 'F':
      return toFixed(size, precision ?? 6)
    case '%':
      return `${toFixed(size * 100, precision ?? 6)}%`
    case 'e':
    case 'E': {
      const [mantissa = '', power = '0'] = size
        .toExponential(Math.min(precision ?? 6, 50))
        .split('e')
      return `${mantissa}${type}${power[0]}${power.slice(1).padStart(2, '0')}`
    }
    case 'g':
    case 'G':
      return formatGeneral(size, precision ?? 6)
    default:
      throw new JinjaProblem(`There is no format “${type}”.`)
  }
}

function whole(number: number): number {
  if (Number.isInteger(number)) return Math.abs(number)
  throw new JinjaProblem('This format needs a whole number.')
}

function formatGeneral(size: number, precision: number): string {
  const digits = Number(size.toPrecision(Math.min(Math.max(precision, 1), 50)))
  return printFloat(digits).replace(/\.0(?=$|e)/, '')
}

export function requireNumber(number: number | null, value: Value): number {
  if (number !== null) return number
  throw new JinjaProblem(`This format needs a number, not ${titleOf(value)}.`)
}

/** Widths and precisions come from the template. */
export function readSize(digits: string | undefined): number | null {
  if (digits === undefined || digits === '') return null
  const size = Number(digits)
  if (size <= 10_000) return size
  throw new JinjaProblem('The width or precision of a format may be at most 10,000.')
}
