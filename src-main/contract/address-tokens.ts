export type AddressToken = {
  readonly type: 'word' | 'quoted' | 'comment' | 'special'
  readonly text: string
  readonly start: number
  readonly end: number
}

const specials = ',:;<>@'
const endsWord = /[\s"(),:;<>@]/u

/** The tokens of RFC 5322 §3.2 in an address field; a text is the problem with it. */
export function readTokens(text: string): AddressToken[] | string {
  const tokens: AddressToken[] = []
  let isAfterAt = false
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at)
    if (character === ' ') {
      at += 1
      continue
    }
    const end = endOf(text, at, isAfterAt)
    if (typeof end === 'string') return end
    if (character !== '(') isAfterAt = character === '@'
    tokens.push({ type: typeOf(character), text: text.slice(at, end), start: at, end })
    at = end
  }
  return tokens
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
