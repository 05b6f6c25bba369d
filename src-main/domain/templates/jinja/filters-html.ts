import { bind, flagArgument } from './call-arguments.ts'
import { escapedLength, escapeHtml, escapeText } from './html-escape.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { type Filter, iterate } from './runtime.ts'
import { createTextWriter } from './text-writer.ts'
import { toJson } from './to-json.ts'
import { isDict, isSpecial, itemsOf, markup, textOf, titleOf, type Value } from './values.ts'

const escapeFilter: Filter = ({ meter }, value) => {
  if (!isSpecial(value, 'markup')) meter.spendText(escapedLength(print(value)))
  return escapeHtml(value)
}

const striptags: Filter = ({ meter }, value) => {
  const parts: string[] = []
  const text = print(value)
  meter.spend(text.length)
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
  const quote = (one: Value, safe: string) => {
    const text = print(one)
    runtime.meter.spendText(quotedLength(text))
    return quoteUrl(text, safe)
  }
  if (!pairs) return quote(value, '/')
  const writer = createTextWriter(runtime.meter)
  pairs.forEach(([key, one], index) => {
    if (index > 0) writer.add('&')
    writer.add(quote(key, '').replaceAll('%20', '+'))
    writer.add('=')
    writer.add(quote(one, '').replaceAll('%20', '+'))
  })
  return writer.read()
}

/** The most that the quoted text may take: three characters for each byte in UTF-8. */
function quotedLength(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x800) length += 9
    else if (code >= 0x80) length += 6
    else length += /[\w.~-]/.test(text[at] ?? '') ? 1 : 3
  }
  return length
}

function quoteUrl(text: string, safe: string): string {
  const quoted = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '' ? quoted : quoted.replaceAll(encodeURIComponent(safe), safe)
}

const xmlattr: Filter = ({ meter, isHtml }, value, args) => {
  const withSpace = flagArgument(bind('xmlattr', args, ['autospace']).autospace, true)
  if (!isDict(value)) throw new JinjaProblem(`“xmlattr” needs a map, not ${titleOf(value)}.`)
  const writer = createTextWriter(meter)
  let isFirst = true
  for (const [key, one] of value) {
    if (one === null || one === undefined) continue
    if (/[\s/>=]/.test(print(key))) {
      throw new JinjaProblem(`“${print(key)}” cannot be the name of an attribute.`)
    }
    if (withSpace || !isFirst) writer.add(' ')
    isFirst = false
    writer.add(escapeText(print(key)))
    writer.add('="')
    writer.add(escapeHtml(one).text)
    writer.add('"')
  }
  const text = writer.read()
  return isHtml ? markup(text) : text
}

export const htmlFilters: Readonly<Record<string, Filter>> = {
  e: escapeFilter,
  escape: escapeFilter,
  forceescape: ({ meter }, value) => {
    const text = print(value)
    meter.spendText(escapedLength(text))
    return markup(escapeText(text))
  },
  safe: (_runtime, value) => markup(print(value)),
  striptags,
  urlencode,
  xmlattr,
  tojson: ({ meter }, value, args) => {
    return markup(toJson(meter, value, bind('tojson', args, ['indent']).indent))
  },
}
