/** The words of an HTML text as one string, with the place in the HTML that each unit stands for. */
export type HtmlText = {
  readonly text: string
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** Whether this place is in an element whose own style hides it. */
  readonly isHidden: (place: number) => boolean
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
/** A name may begin with an equals sign, says the standard; nobody else does. */
const attributeName = /=?[^\t\n\f\r />=]*/y
const bareValue = /[^\t\n\f\r >]*/y
const scriptTurns = /<!--(?!-?>)|-->|<(\/?)script(?=[\t\n\f\r />])/gi
const plainTexts = /^(?:style|xmp|iframe|noembed|noframes|title|textarea)$/
/** Pictures and menus have rules of their own for what stands in them. */
const closed = /^(?:svg|math|select)$/
const inline =
  /^(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)$/
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/
const hides =
  /\sstyle\s*=\s*(?:"[^"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0|font-size\s*:\s*[01](?:px)?\s*[;"'])/i

/** Walks through the first `limit` characters as a browser's tokenizer does (WHATWG HTML, 13.2.5). */
export function readHtmlText(html: string, limit: number): HtmlText {
  const end = Math.min(html.length, limit)
  const starts = new Uint32Array(end + 1)
  const ends = new Uint32Array(end + 1)
  const chunks: string[] = []
  const hidden: { start: number; end: number }[] = []
  let length = 0
  /** An element that is passed over, or whose text is hidden, until its own end. */
  let passing: { name: string; depth: number } | null = null
  let hiding: { name: string; depth: number; start: number } | null = null

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
      if (passing) return
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
      if (passing) {
        passing = deeper(passing, tag)
        return
      }
      if (hiding) {
        const next = deeper(hiding, tag)
        if (!next) hidden.push({ start: hiding.start, end: tag.start })
        hiding = next
      } else if (!isEnd && !empty.test(name) && hides.test(html.slice(tag.start, tag.end))) {
        hiding = { name, depth: 1, start: tag.start }
      }
      if (!isEnd && closed.test(name)) passing = { name, depth: 1 }
      if (!inline.test(name)) add('\n', tag.start, tag.start)
    },
  })
  const last = hiding as { start: number } | null
  if (last) hidden.push({ start: last.start, end })
  return {
    text: chunks.join(''),
    starts,
    ends,
    isHidden: (place) => hidden.some((one) => one.start <= place && place < one.end),
  }
}

function deeper<E extends { name: string; depth: number }>(
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
      if (!isEnd) at = afterPlainText(html, name, end)
    }
    textFrom = at
  }
  text(textFrom, html.length)
}

/** After the `>` of a tag; one that never ends takes all. */
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

/** After a comment and what is taken for one; null for a `<` that is only a character. */
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

/** What stands in these elements is no markup. */
function afterPlainText(html: string, name: string, at: number): number {
  if (name === 'plaintext') return html.length
  if (name === 'script') return afterScript(html, at)
  if (!plainTexts.test(name)) return at
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi')
  close.lastIndex = at
  return close.exec(html)?.index ?? html.length
}

/** A script may hold a comment, and that another script. */
function afterScript(html: string, at: number): number {
  let state: 'plain' | 'comment' | 'script' = 'plain'
  scriptTurns.lastIndex = at
  for (;;) {
    const turn = scriptTurns.exec(html)
    if (!turn) return html.length
    const [whole, slash] = turn
    if (whole === '-->') state = 'plain'
    else if (slash === undefined) state = state === 'plain' ? 'comment' : state
    else if (slash === '') state = state === 'comment' ? 'script' : state
    else if (state === 'script') state = 'comment'
    else return turn.index
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

/** Signs are all the same to a search. */
function decodeReference([, decimal, hexadecimal, name = '']: RegExpMatchArray): string {
  const index = letters.indexOf(name)
  if (index >= 0) return String.fromCodePoint(0xc0 + index)
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '20', 16)
  return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd800 && code < 0xe000)
    ? String.fromCodePoint(code)
    : ' '
}
