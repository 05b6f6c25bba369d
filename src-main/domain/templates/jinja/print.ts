import { JinjaProblem } from './problem.ts'
import { createTextWriter, type TextWriter } from './text-writer.ts'
import { isDict, isList, type Key, type Special, type Value } from './values.ts'

const maxDepth = 100
const maxLength = 5_000_000

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
export function represent(value: Value): string {
  const writer = createTextWriter({
    spendText: () => undefined,
    checkLength(length) {
      if (length <= maxLength) return
      throw new JinjaProblem('A printed value is longer than 5,000,000 characters.')
    },
  })
  writeValue(writer, value, 0)
  return writer.read()
}

function writeValue(writer: TextWriter, value: Value, depth: number): void {
  if (depth > maxDepth)
    throw new JinjaProblem(
      'A list or a map contains itself, or is nested more than 100 levels deep.',
    )
  const inner = (one: Value) => writeValue(writer, one, depth + 1)
  if (value === undefined) writer.add('Undefined')
  else if (value === null) writer.add('None')
  else if (typeof value === 'boolean') writer.add(value ? 'True' : 'False')
  else if (typeof value === 'string') writeQuoted(writer, value)
  else if (typeof value === 'number') writer.add(printNumber(value))
  else if (isList(value)) writeItems(writer, '[', value, ']', inner)
  else if (isDict(value)) writeMap(writer, value, inner)
  else writeSpecial(writer, value, inner)
}

function writeItems<Item>(
  writer: TextWriter,
  open: string,
  items: Iterable<Item>,
  close: string,
  write: (item: Item) => void,
): void {
  writer.add(open)
  let isFirst = true
  for (const item of items) {
    if (!isFirst) writer.add(', ')
    isFirst = false
    write(item)
  }
  writer.add(close)
}

function writeMap(
  writer: TextWriter,
  map: ReadonlyMap<Key, Value>,
  inner: (value: Value) => void,
): void {
  writeItems(writer, '{', map, '}', ([key, one]) => {
    inner(key)
    writer.add(': ')
    inner(one)
  })
}

function writeQuoted(writer: TextWriter, text: string): void {
  writer.reserve(text.length)
  writer.add(quote(text))
}

function writeSpecial(writer: TextWriter, value: Special, inner: (value: Value) => void): void {
  switch (value.type) {
    case 'float':
      writer.add(printFloat(value.value))
      return
    case 'tuple':
      writeItems(writer, '(', value.items, value.items.length === 1 ? ',)' : ')', inner)
      return
    case 'markup':
      writer.add('Markup(')
      writeQuoted(writer, value.text)
      writer.add(')')
      return
    case 'range': {
      const end = value.start + value.size * value.step
      const step = value.step === 1 ? '' : `, ${value.step}`
      writer.add(`range(${value.start}, ${end}${step})`)
      return
    }
    case 'callable':
      writer.add(`<${value.title}>`)
      return
    case 'namespace':
      writer.add('<Namespace ')
      writeMap(writer, value.fields, inner)
      writer.add('>')
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
