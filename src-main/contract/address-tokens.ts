export type AddressToken = {
  readonly type: 'word' | 'quoted' | 'comment' | 'special'
  readonly text: string
  readonly start: number
  readonly end: number
}

const specials = ',:;<>@'
const endsWord = /[\s"(),:;<>@]/u

/**
 * The token of an address field (RFC 5322 §3.2) at or after `from`; null at the end of the text. A
 * string is the problem with the text.
 */
export function nextToken(
  text: string,
  from: number,
  isAfterAt: boolean,
): AddressToken | string | null {
  let start = from
  while (text.charAt(start) === ' ') start += 1
  if (start >= text.length) return null
  const end = endOf(text, start, isAfterAt)
  if (typeof end === 'string') return end
  return { type: typeOf(text.charAt(start)), text: text.slice(start, end), start, end }
}

function typeOf(character: string): AddressToken['type'] {
  if (character === '"') return 'quoted'
  if (character === '(') return 'comment'
  return specials.includes(character) ? 'special' : 'word'
}

function endOf(text: string, at: number, isAfterAt: boolean): number | string {
  const character = text.charAt(at)
  if (character === '"') return quotedEnd(text, at) ?? 'A quotation mark has no second one.'
  if (character === '(') return commentEnd(text, at) ?? 'A “(” has no “)”.'
  if (character === ')') return 'A “)” has no “(” before it.'
  if (specials.includes(character)) return at + 1
  if (character === '[' && isAfterAt) {
    const end = text.indexOf(']', at)
    return end === -1 ? 'A “[” has no “]”.' : end + 1
  }
  let end = at + 1
  while (end < text.length && !endsWord.test(text.charAt(end))) end += 1
  return end
}

function quotedEnd(text: string, from: number): number | null {
  for (let at = from + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at += 1
    else if (text.charAt(at) === '"') return at + 1
  }
  return null
}

/** Comments hold comments. */
function commentEnd(text: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return null
}
