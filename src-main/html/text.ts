/** The text of HTML as one string, and the range in the HTML that each of its code units has. */
export type HtmlText = {
  readonly text: string
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** True when an offset is in an element whose `style` hides it. */
  readonly isHidden: (offset: number) => boolean
}

type Visitor = {
  readonly text: (start: number, end: number) => void
  readonly tag: (tag: Tag) => void
}

type Tag = {
  readonly name: string
  readonly isEnd: boolean
  readonly start: number
  readonly end: number
}

const letter = /[a-z]/i
const tagName = /[^\t\n\f\r />]*/y
const blanks = /[\t\n\f\r /]*/y
const spaces = /[\t\n\f\r ]*/y
/** By the standard, a name may begin with an equals sign. */
const attributeName = /=?[^\t\n\f\r />=]*/y
const bareValue = /[^\t\n\f\r >]*/y
const scriptStates = /<!--(?!-?>)|-->|<(\/?)script(?=[\t\n\f\r />])/gi
const rawTextElements = /^(?:style|xmp|iframe|noembed|noframes|title|textarea)$/
/** Their content has parsing rules of its own, and is skipped. */
const rawContent = /^(?:svg|math|select)$/
const inline =
  /^(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)$/
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/
const hides =
  /\sstyle\s*=\s*(?:"[^"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0|font-size\s*:\s*[01](?:px)?\s*[;"'])/i

/** Reads the first `maxLength` characters like the tokenizer of a browser (WHATWG HTML, 13.2.5). */
export function readHtmlText(html: string, maxLength: number): HtmlText {
  const end = Math.min(html.length, maxLength)
  const starts = new Uint32Array(end + 1)
  const ends = new Uint32Array(end + 1)
  const chunks: string[] = []
  const hidden: { start: number; end: number }[] = []
  let length = 0
  /** The open element whose content is skipped, and the one whose text is hidden. */
  let skipping: { name: string; depth: number } | null = null
  let hiddenFrom: { name: string; depth: number; start: number } | null = null

  function add(unit: string, start: number, finish: number): void {
    chunks.push(unit)
    starts.fill(start, length, length + unit.length)
    ends.fill(finish, length, length + unit.length)
    length += unit.length
  }

  function addPlain(start: number, finish: number): void {
    chunks.push(html.slice(start, finish))
    for (let at = start; at < finish; at++, length++) {
      starts[length] = at
      ends[length] = at + 1
    }
  }

  walk(html.slice(0, end), {
    text(start, finish) {
      if (skipping) return
      let done = start
      for (const found of html.slice(start, finish).matchAll(reference)) {
        const at = start + found.index
        addPlain(done, at)
        done = at + found[0].length
        add(decodeReference(found), at, done)
      }
      addPlain(done, finish)
    },
    tag(tag) {
      const { name, isEnd } = tag
      if (skipping) {
        skipping = nested(skipping, tag)
        return
      }
      if (hiddenFrom) {
        const next = nested(hiddenFrom, tag)
        if (!next) hidden.push({ start: hiddenFrom.start, end: tag.start })
        hiddenFrom = next
      } else if (!isEnd && !empty.test(name) && hides.test(html.slice(tag.start, tag.end))) {
        hiddenFrom = { name, depth: 1, start: tag.start }
      }
      if (!isEnd && rawContent.test(name)) skipping = { name, depth: 1 }
      if (!inline.test(name)) add('\n', tag.start, tag.start)
    },
  })
  const last = hiddenFrom as { start: number } | null
  if (last) hidden.push({ start: last.start, end })
  return {
    text: chunks.join(''),
    starts,
    ends,
    isHidden: (offset) => hidden.some((one) => one.start <= offset && offset < one.end),
  }
}

function nested<E extends { name: string; depth: number }>(
  open: E,
  { name, isEnd }: Tag,
): E | null {
  if (name !== open.name) return open
  const depth = open.depth + (isEnd ? -1 : 1)
  return depth === 0 ? null : { ...open, depth }
}

function walk(html: string, { text, tag }: Visitor): void {
  let at = 0
  let textFrom = 0
  while (at < html.length) {
    const start = html.indexOf('<', at)
    if (start < 0) break
    const isEnd = html[start + 1] === '/'
    const isTag = letter.test(html[start + (isEnd ? 2 : 1)] ?? '')
    const end = isTag ? afterTag(html, start + (isEnd ? 2 : 1)) : afterComment(html, start)
    if (end === null) {
      at = start + 1
      continue
    }
    text(textFrom, start)
    at = end
    if (isTag) {
      const name = matched(tagName, html, start + (isEnd ? 2 : 1)).toLowerCase()
      tag({ name, isEnd, start, end })
      if (!isEnd) at = afterRawText(html, name, end)
    }
    textFrom = at
  }
  text(textFrom, html.length)
}

/** The offset after the `>` of a tag; a tag without end takes the rest. */
function afterTag(html: string, nameAt: number): number {
  let at = nameAt + matched(tagName, html, nameAt).length
  for (;;) {
    at += matched(blanks, html, at).length
    if (at >= html.length) return html.length
    if (html[at] === '>') return at + 1
    at += matched(attributeName, html, at).length
    const afterSpaces = at + matched(spaces, html, at).length
    if (html[afterSpaces] !== '=') continue
    at = afterSpaces + 1
    at += matched(spaces, html, at).length
    const quote = html[at]
    if (quote === '"' || quote === "'") at = past(html, quote, at + 1)
    else at += matched(bareValue, html, at).length
  }
}

/** The offset after a comment, bogus ones too; null: the `<` is a character of text. */
function afterComment(html: string, start: number): number | null {
  const next = html[start + 1]
  if (next === '/') return start + 2 < html.length ? past(html, '>', start + 2) : null
  if (next === '?') return past(html, '>', start + 1)
  if (next !== '!') return null
  if (!html.startsWith('<!--', start)) return past(html, '>', start + 2)
  const [abrupt] = /^-?>/.exec(html.slice(start + 4, start + 6)) ?? []
  if (abrupt) return start + 4 + abrupt.length
  const close = /--!?>/g
  close.lastIndex = start + 4
  return close.exec(html) ? close.lastIndex : html.length
}

/** The content of these elements is not markup. */
function afterRawText(html: string, name: string, at: number): number {
  if (name === 'plaintext') return html.length
  if (name === 'script') return afterScript(html, at)
  if (!rawTextElements.test(name)) return at
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi')
  close.lastIndex = at
  return close.exec(html)?.index ?? html.length
}

/** A script may hold a comment, and the comment another script. */
function afterScript(html: string, at: number): number {
  let state: 'plain' | 'comment' | 'script' = 'plain'
  scriptStates.lastIndex = at
  for (;;) {
    const found = scriptStates.exec(html)
    if (!found) return html.length
    const [whole, slash] = found
    if (whole === '-->') state = 'plain'
    else if (slash === undefined) state = state === 'plain' ? 'comment' : state
    else if (slash === '') state = state === 'comment' ? 'script' : state
    else if (state === 'script') state = 'comment'
    else return found.index
  }
}

function matched(pattern: RegExp, html: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(html)?.[0] ?? ''
}

function past(html: string, end: string, at: number): number {
  const found = html.indexOf(end, at)
  return found < 0 ? html.length : found + 1
}

const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,31}));/gi
/** The letters of ISO 8859-1, from U+00C0; two of them are signs. */
const letters =
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  )

/** A search ignores signs, so an unknown reference is a space. */
function decodeReference([, decimal, hexadecimal, name = '']: RegExpMatchArray): string {
  const index = letters.indexOf(name)
  if (index >= 0) return String.fromCodePoint(0xc0 + index)
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '20', 16)
  return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd800 && code < 0xe000)
    ? String.fromCodePoint(code)
    : ' '
}
