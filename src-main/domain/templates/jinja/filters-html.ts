import { bind, flagArgument } from './call-arguments.ts'
import { escapeHtml, escapeText } from './html-escape.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { type Filter, iterate } from './runtime.ts'
import { toJson } from './to-json.ts'
import { isDict, itemsOf, markup, textOf, titleOf, type Value } from './values.ts'

const escapeFilter: Filter = (_runtime, value) => escapeHtml(value)

const striptags: Filter = (_runtime, value) => {
  const parts: string[] = []
  const text = print(value)
  let at = 0
  while (at < text.length) {
    const start = text.indexOf('<', at)
    const isComment = start >= 0 && text.startsWith('<!--', start)
    const end = start < 0 ? -1 : text.indexOf(isComment ? '-->' : '>', start)
    parts.push(text.slice(at, end < 0 ? text.length : start))
    at = end < 0 ? text.length : end + (isComment ? 3 : 1)
  }
  return decode(parts.join('').split(/\s+/).filter(Boolean).join(' '))
}

const characters: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, digits, hex, name) => {
    const code = digits ? Number(digits) : hex ? Number.parseInt(hex, 16) : null
    if (code !== null) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    return Object.hasOwn(characters, name) ? (characters[name] ?? all) : all
  })

const urlencode: Filter = (runtime, value) => {
  const pairs = isDict(value)
    ? [...value]
    : textOf(value) === null && itemsOf(value)
      ? iterate(runtime, value).map((item) => itemsOf(item) ?? [])
      : null
  if (!pairs) return quoteUrl(print(value), '/')
  const quote = (one: Value) => quoteUrl(print(one), '').replaceAll('%20', '+')
  return pairs.map(([key, one]) => `${quote(key)}=${quote(one)}`).join('&')
}

function quoteUrl(text: string, safe: string): string {
  const quoted = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '' ? quoted : quoted.replaceAll(encodeURIComponent(safe), safe)
}

const xmlattr: Filter = ({ isHtml }, value, args) => {
  const withSpace = flagArgument(bind('xmlattr', args, ['autospace']).autospace, true)
  if (!isDict(value)) throw new JinjaProblem(`“xmlattr” needs a map, not ${titleOf(value)}.`)
  const pairs: string[] = []
  for (const [key, one] of value) {
    if (one === null || one === undefined) continue
    if (/[\s/>=]/.test(print(key))) {
      throw new JinjaProblem(`“${print(key)}” cannot be the name of an attribute.`)
    }
    pairs.push(`${escapeText(print(key))}="${escapeHtml(one).text}"`)
  }
  const text = (withSpace && pairs.length > 0 ? ' ' : '') + pairs.join(' ')
  return isHtml ? markup(text) : text
}

export const htmlFilters: Readonly<Record<string, Filter>> = {
  e: escapeFilter,
  escape: escapeFilter,
  forceescape: (_runtime, value) => markup(escapeText(print(value))),
  safe: (_runtime, value) => markup(print(value)),
  striptags,
  urlencode,
  xmlattr,
  tojson: ({ meter }, value, args) => {
    const text = toJson(value, bind('tojson', args, ['indent']).indent)
    meter.spendText(text.length)
    return markup(text)
  },
}
