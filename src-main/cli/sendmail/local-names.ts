import { type AddressToken, nextToken } from '../../contract/address-tokens.ts'

/** Adds “@host” to each local name of an address list, such as `root`; unreadable text stays unchanged. */
export function withHost(text: string, host: string): string {
  const ends = localNameEnds(text.replace(/[\r\n\t]/g, ' '))
  return ends.reduceRight((whole, end) => `${whole.slice(0, end)}@${host}${whole.slice(end)}`, text)
}

function localNameEnds(line: string): number[] {
  const ends: number[] = []
  let item: AddressToken[] = []
  let isAfterAt = false
  for (let at = 0; ; ) {
    const token = nextToken(line, at, isAfterAt)
    if (typeof token === 'string') return []
    const isEnd = token === null || (token.type === 'special' && ',;:'.includes(token.text))
    // A word before a colon is the name of a group.
    const name = isEnd && token?.text !== ':' ? localName(item) : null
    if (name) ends.push(name.end)
    if (token === null) return ends
    item = isEnd ? [] : [...item, token]
    isAfterAt = token.type === 'comment' ? isAfterAt : token.text === '@'
    at = token.end
  }
}

/** The only word of an address without a domain. */
function localName(item: readonly AddressToken[]): AddressToken | null {
  const parts = item.filter(({ type }) => type !== 'comment')
  const place = (mark: string) =>
    parts.findIndex(({ type, text }) => type === 'special' && text === mark)
  const [open, close] = [place('<'), place('>')]
  const inside = open === -1 ? parts : parts.slice(open + 1, Math.max(open + 1, close))
  const [only, ...more] = inside
  return only && only.type !== 'special' && more.length === 0 ? only : null
}
