import { JinjaProblem } from './problem.ts'
import { readString } from './string-literal.ts'

export type Token = { readonly line: number } & (
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'begin' | 'end'; readonly value: 'output' | 'tag' }
  | { readonly type: 'name' | 'string' | 'operator'; readonly value: string }
  | { readonly type: 'integer' | 'float'; readonly value: number }
  | { readonly type: 'finish'; readonly value: null }
)

const name = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy
const number = /0x[\da-f_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?/iy
const digits = /\d+/y
const operators = [...['**', '//', '==', '!=', '>=', '<='], ...'+-*/%~[](){}<>=.:|,'.split('')]
const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const ends = { output: '}}', tag: '%}' } as const
const raw = /\{%[-+]?\s*raw\s*(-?)%\}/y

/** Splits a template into tokens, in linear time. */
export function tokenize(source: string): Token[] {
  const text = source.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  const tokens: Token[] = []
  const lineAt = createLineCounter(text)
  let at = 0
  while (at < text.length) {
    const start = nextTag(text, at)
    addText(tokens, trimBefore(text, at, start), lineAt(at))
    if (start === text.length) break
    const line = lineAt(start)
    if (text[start + 1] === '#') at = skipComment(text, start, line)
    else if (isRaw(text, start)) at = readRaw(text, start, tokens, line)
    else at = readTag(text, start, tokens, lineAt)
  }
  tokens.push({ type: 'finish', value: null, line: lineAt(text.length) })
  return tokens
}

function nextTag(text: string, from: number): number {
  let at = text.indexOf('{', from)
  while (at >= 0 && !'{%#'.includes(text[at + 1] ?? ' ')) at = text.indexOf('{', at + 1)
  return at < 0 ? text.length : at
}

/** The text in front of a tag; `{%-` removes the white space before it. */
function trimBefore(text: string, from: number, start: number): string {
  const part = text.slice(from, start)
  return text[start + 2] === '-' ? part.trimEnd() : part
}

function addText(tokens: Token[], value: string, line: number): void {
  if (value !== '') tokens.push({ type: 'text', value, line })
}

/** The first position after a tag; `-%}` removes the white space that follows. */
function after(text: string, end: number, isTrimmed: boolean): number {
  let at = end
  while (isTrimmed && at < text.length && /\s/.test(text[at] ?? '')) at += 1
  return at
}

function skipComment(text: string, start: number, line: number): number {
  const end = text.indexOf('#}', start + 2)
  if (end < 0) throw new JinjaProblem('A comment is not closed. End it with #}.', line)
  return after(text, end + 2, text[end - 1] === '-' && end - 1 > start + 1)
}

function isRaw(text: string, start: number): boolean {
  raw.lastIndex = start
  return raw.test(text)
}

function readRaw(text: string, start: number, tokens: Token[], line: number): number {
  raw.lastIndex = start
  const [opening = '', dash] = raw.exec(text) ?? []
  const from = after(text, start + opening.length, dash === '-')
  const closing = /\{%([-+]?)\s*endraw\s*(-?)%\}/g
  closing.lastIndex = from
  const found = closing.exec(text)
  if (!found) throw new JinjaProblem('“raw” is not closed. End it with {% endraw %}.', line)
  const inside = text.slice(from, found.index)
  addText(tokens, found[1] === '-' ? inside.trimEnd() : inside, line)
  return after(text, found.index + found[0].length, found[2] === '-')
}

/** Reads the tokens of `{{ … }}` or `{% … %}` and returns the position after it. */
function readTag(
  text: string,
  start: number,
  tokens: Token[],
  lineAt: (at: number) => number,
): number {
  const value = text[start + 1] === '{' ? 'output' : 'tag'
  const line = lineAt(start)
  tokens.push({ type: 'begin', value, line })
  const open: string[] = []
  let at = start + (/[-+]/.test(text[start + 2] ?? '') ? 3 : 2)
  for (;;) {
    at = after(text, at, true)
    if (at >= text.length) {
      throw new JinjaProblem(`A tag is not closed. End it with ${ends[value]}.`, line)
    }
    const end = open.length === 0 ? endAt(text, at, ends[value]) : null
    if (end) {
      tokens.push({ type: 'end', value, line: lineAt(at) })
      return after(text, at + end.length, end.startsWith('-'))
    }
    const { token, length } = readToken(text, at, lineAt(at), tokens.at(-1))
    if (token.type === 'operator') balance(open, token.value, token.line)
    tokens.push(token)
    at += length
  }
}

function endAt(text: string, at: number, end: string): string | null {
  return [end, `-${end}`, `+${end}`].find((one) => text.startsWith(one, at)) ?? null
}

function balance(open: string[], operator: string, line: number): void {
  const closing = closings[operator]
  if (closing) open.push(closing)
  else if (')]}'.includes(operator) && open.pop() !== operator) {
    throw new JinjaProblem(`“${operator}” has no opening bracket.`, line)
  }
}

function readToken(
  text: string,
  at: number,
  line: number,
  last: Token | undefined,
): { readonly token: Token; readonly length: number } {
  const first = text[at] ?? ''
  if (first === '"' || first === "'") {
    const { value, length } = readString(text, at, line)
    return { token: { type: 'string', value, line }, length }
  }
  const isIndex = last?.type === 'operator' && last.value === '.'
  const digitsFound = matchAt(isIndex ? digits : number, text, at)
  if (digitsFound) {
    const plain = digitsFound.replaceAll('_', '')
    const isFloat = /[.e]/i.test(plain) && !/^0[xb]/i.test(plain)
    const token = { type: isFloat ? 'float' : 'integer', value: Number(plain), line } as const
    return { token, length: digitsFound.length }
  }
  const word = matchAt(name, text, at)
  if (word) return { token: { type: 'name', value: word, line }, length: word.length }
  const operator = operators.find((one) => text.startsWith(one, at))
  if (operator) {
    return { token: { type: 'operator', value: operator, line }, length: operator.length }
  }
  throw new JinjaProblem(`The character “${first}” is not allowed in a tag.`, line)
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/** The line of a position; positions must not decrease. */
function createLineCounter(text: string): (at: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (at) => {
    for (; next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line += 1
    return line
  }
}
