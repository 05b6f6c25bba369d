import { linkKind, schemeOf } from '../contract/link-schemes.ts'

/** The scheme is expected in the first characters; an address that hides it longer is inactive. */
const maxLength = 200
const address = /href(?=[\t\n\f\r ]*=[\t\n\f\r ]*(["']?)([^>]{0,200}))/gi
const numbered = /&#(?:x([\da-f]{1,8})|(\d{1,8}));?/gi
const named = /&(Tab|NewLine|colon|sol|quest|num|period|plus);/g
const characters: Readonly<Record<string, string>> = {
  Tab: '\t',
  NewLine: '\n',
  colon: ':',
  sol: '/',
  quest: '?',
  num: '#',
  period: '.',
  plus: '+',
}

/** To read an entity takes far longer than to find it; no mail hides as many schemes behind some. */
const maxHiddenSchemes = 5000
const hidesScheme = /^[^/?#]*&/

/** Takes the address from every link that may not be pressed; its words stay. */
export function withoutDeadLinks(html: string): string {
  let hidden = 0
  return html.replace(address, (name, quote: string, value: string) => {
    if (hidesScheme.test(value)) hidden += 1
    return hidden > maxHiddenSchemes || isDead(quote, value) ? `x-${name}` : name
  })
}

function isDead(quote: string, value: string): boolean {
  const end = value.search(quote === '' ? /[\t\n\f\r ]/ : quote === '"' ? /"/ : /'/)
  const isWhole = end >= 0 || value.length < maxLength
  const written = decoded(end >= 0 ? value.slice(0, end) : value)
  const scheme = schemeOf(written)
  if (scheme === 'data') return !/^\s*data:image\//i.test(written)
  if (scheme !== null) return linkKind(written) !== 'live'
  // A scheme ends before the first of these; a colon or an entity there may hide one.
  const [before = ''] = /^[^/?#]*/.exec(written) ?? []
  return /[:&]/.test(before) || (before === written && !isWhole)
}

function decoded(text: string): string {
  return text
    .replace(numbered, (_, hexadecimal?: string, decimal?: string) => {
      const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal)
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '&'
    })
    .replace(named, (_, name: string) => characters[name] ?? '&')
}
