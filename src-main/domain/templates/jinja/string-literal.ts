import { JinjaProblem } from './problem.ts'

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Reads a string in quotes, with the escapes of Python. */
export function readString(
  text: string,
  start: number,
  line: number,
): { readonly value: string; readonly length: number } {
  const quote = text[start]
  let value = ''
  let at = start + 1
  let from = at
  while (at < text.length && text[at] !== quote) {
    if (text[at] !== '\\') {
      at += 1
      continue
    }
    const escaped = readEscape(text, at, line)
    value += text.slice(from, at) + escaped.value
    at += escaped.length
    from = at
  }
  if (at >= text.length) throw new JinjaProblem(`A text is not closed. End it with ${quote}.`, line)
  return { value: value + text.slice(from, at), length: at + 1 - start }
}

function readEscape(text: string, at: number, line: number) {
  const letter = text[at + 1] ?? ''
  const plain = simple[letter]
  if (plain !== undefined) return { value: plain, length: 2 }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
  if (octal)
    return { value: String.fromCodePoint(Number.parseInt(octal, 8)), length: 1 + octal.length }
  const count = hexLengths[letter]
  if (count === undefined) return { value: `\\${letter}`, length: 2 }
  const hex = text.slice(at + 2, at + 2 + count)
  const code = Number.parseInt(hex, 16)
  if (hex.length !== count || !/^[\da-f]+$/i.test(hex) || code > 0x10ffff) {
    throw new JinjaProblem(`“\\${letter}” needs ${count} hexadecimal digits.`, line)
  }
  return { value: String.fromCodePoint(code), length: 2 + count }
}
