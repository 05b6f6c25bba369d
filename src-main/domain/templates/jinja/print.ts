import { JinjaProblem } from './problem.ts'
import { isDict, isList, type Special, type Value } from './values.ts'

const maxDepth = 100
const maxLength = 5_000_000

type Budget = { left: number }

/** A value as Python's `str()` prints it; an undefined one is empty. */
export function print(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'markup') {
    return value.text
  }
  return represent(value)
}

/** A value as Python's `repr()` prints it, with quotes around texts. */
export function represent(value: Value, depth = 0, budget: Budget = { left: maxLength }): string {
  if (depth > maxDepth)
    throw new JinjaProblem(
      'A list or a map contains itself, or is nested more than 100 levels deep.',
    )
  budget.left -= 1 + (typeof value === 'string' ? value.length : 0)
  if (budget.left < 0)
    throw new JinjaProblem('A printed value is longer than 5,000,000 characters.')
  const inner = (one: Value) => represent(one, depth + 1, budget)
  if (value === undefined) return 'Undefined'
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return printNumber(value)
  if (isList(value)) return `[${value.map(inner).join(', ')}]`
  if (isDict(value)) {
    return `{${[...value].map(([key, one]) => `${inner(key)}: ${inner(one)}`).join(', ')}}`
  }
  return representSpecial(value, inner)
}

function representSpecial(value: Special, inner: (value: Value) => string): string {
  switch (value.type) {
    case 'float':
      return printFloat(value.value)
    case 'tuple':
      return value.items.length === 1
        ? `(${inner(value.items[0])},)`
        : `(${value.items.map(inner).join(', ')})`
    case 'markup':
      return `Markup(${quote(value.text)})`
    case 'range': {
      const end = value.start + value.size * value.step
      const step = value.step === 1 ? '' : `, ${value.step}`
      return `range(${value.start}, ${end}${step})`
    }
    case 'callable':
      return `<${value.title}>`
    case 'namespace':
      return `<Namespace ${inner(new Map(value.fields))}>`
  }
}

const printNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : printFloat(value)

/** The shortest digits, with an exponent where Python has one. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

const named: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\p{C}\p{Zl}\p{Zp}\p{Zs}']/gu, (character) => {
    if (character === ' ') return character
    if (character === "'") return mark === "'" ? "\\'" : character
    return named[character] ?? escapeCode(character.codePointAt(0) ?? 0)
  })
  return `${mark}${escaped}${mark}`
}

function escapeCode(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}
