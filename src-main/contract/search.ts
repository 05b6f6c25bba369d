/** The field of a word term; `any` is subject, addresses, text and attachment names. */
export type WordField = 'any' | 'subject' | 'from' | 'to' | 'cc' | 'body'

export type Term =
  | {
      readonly type: 'words'
      readonly field: WordField
      readonly text: string
      /** The last word may be a prefix. */
      readonly isOpen: boolean
    }
  | { readonly type: 'header'; readonly name: string; readonly value: string | null }
  | { readonly type: 'attachment' }
  | { readonly type: 'read'; readonly read: boolean }
  | { readonly type: 'tag'; readonly name: string }
  | { readonly type: 'inbox'; readonly name: string }
  | { readonly type: 'key'; readonly name: string }
  | { readonly type: 'before'; readonly at: number }
  | { readonly type: 'after'; readonly at: number }
  | { readonly type: 'larger'; readonly bytes: number }
  | { readonly type: 'smaller'; readonly bytes: number }

/** One of these terms must match. */
export type Clause = readonly { readonly term: Term; readonly isNegated: boolean }[]

export type QueryReading =
  /** Every clause must match. */
  | { readonly type: 'query'; readonly clauses: readonly Clause[] }
  /** `isUnfinished`: more input may complete it. */
  | { readonly type: 'problem'; readonly message: string; readonly isUnfinished: boolean }

/** Every operator with its meaning, in the order of suggestions. */
export const operators = {
  from: 'Sender: a name or an address',
  to: 'Any recipient, also Cc and Bcc',
  cc: 'A recipient in Cc',
  subject: 'Words of the subject',
  body: 'Words of the text, names of attachments',
  has: 'has:attachment',
  is: 'is:unread or is:read',
  tag: 'A tag',
  inbox: 'The inbox of the message',
  key: 'The key that sent it',
  after: 'On this day or later',
  before: 'Before this day',
  larger: 'Larger than, such as 500k or 2M',
  smaller: 'Smaller than',
  header: 'A header, such as x-campaign=winter',
} as const satisfies Record<string, string>

export type Operator = keyof typeof operators

/** A token of the source text: `-from:"Grace Hopper"`. */
export type QueryToken = {
  readonly start: number
  readonly end: number
  readonly isNegated: boolean
  readonly operator: Operator | null
  /** Without its operator and its quotes. */
  readonly value: string
  readonly isQuoted: boolean
}

const maxTerms = 50
const pattern = /(-?)(?:([a-z]+):)?((?:"[^"]*(?:"|$)|[^\s"])*)/iy

/** The search grammar of the API and the window. `now` defines “today”. */
export function readQuery(text: string, now: number): QueryReading {
  const clauses: Clause[] = []
  let isAlternative = false
  const tokens = splitQuery(text)
  if (tokens.length > maxTerms) return problem(`A search may have at most ${maxTerms} terms.`)
  for (const token of tokens) {
    if (isOr(token)) {
      if (clauses.length === 0 || isAlternative) {
        return problem('OR needs a term before it.')
      }
      isAlternative = true
      continue
    }
    const term = readTerm(token, token.end === text.length, now)
    if (term === null) continue
    if ('message' in term) return term
    const entry = { term, isNegated: token.isNegated }
    const last = isAlternative ? clauses.pop() : undefined
    clauses.push(last ? [...last, entry] : [entry])
    isAlternative = false
  }
  if (isAlternative) return problem('OR needs a term after it.', true)
  return { type: 'query', clauses }
}

export function splitQuery(text: string): QueryToken[] {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1
      continue
    }
    pattern.lastIndex = at
    const [whole = '', minus = '', name = '', rest = ''] = pattern.exec(text) ?? []
    const operator = operatorOf(name)
    const written = operator === null && name !== '' ? `${name}:${rest}` : rest
    tokens.push({
      start: at,
      end: at + Math.max(1, whole.length),
      isNegated: minus === '-',
      operator,
      value: written.replaceAll('"', ''),
      isQuoted: written.includes('"'),
    })
    at += Math.max(1, whole.length)
  }
  return tokens
}

function operatorOf(name: string): Operator | null {
  const known = name.toLowerCase()
  return Object.hasOwn(operators, known) ? (known as Operator) : null
}

const isOr = ({ operator, value, isQuoted, isNegated }: QueryToken): boolean =>
  operator === null && value === 'OR' && !isQuoted && !isNegated

/** A value for a search, in quotes if it has spaces. */
export function quoted(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value
}

/** The words of a text, split as in the index. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}

type Problem = Extract<QueryReading, { type: 'problem' }>

/** Null: the token has no meaning, such as a single dash. */
function readTerm(token: QueryToken, isLast: boolean, now: number): Term | Problem | null {
  const { operator, isQuoted } = token
  const value = token.value.trim()
  if (operator === null) return wordTerm('any', value, isLast && !isQuoted)
  if (value === '') {
    return problem(`“${operator}:” needs a value. ${operators[operator]}.`, true)
  }
  switch (operator) {
    case 'from':
    case 'to':
    case 'cc':
    case 'subject':
    case 'body':
      return wordTerm(operator, value, !isQuoted)
    case 'tag':
    case 'inbox':
    case 'key':
      return { type: operator, name: value }
    case 'has':
      if (/^attachments?$/i.test(value)) return { type: 'attachment' }
      return problem(`“has:” takes only has:attachment, not “${value}”.`, isLast)
    case 'is':
      if (/^(un)?read$/i.test(value)) return { type: 'read', read: value.length === 4 }
      return problem(`“is:” takes is:unread or is:read, not “${value}”.`, isLast)
    case 'before':
    case 'after': {
      const at = readTime(value, now)
      if (at !== null) return { type: operator, at }
      return problem(
        `“${value}” is not a date. Write a day such as 2026-11-22, or today, yesterday, 7d or 12h.`,
        isLast,
      )
    }
    case 'larger':
    case 'smaller': {
      const bytes = readSize(value)
      if (bytes !== null) return { type: operator, bytes }
      return problem(
        `“${value}” is not a size. Write bytes, or a number with k or M: 500k.`,
        isLast,
      )
    }
    case 'header': {
      const [name = '', ...rest] = value.split('=')
      if (wordsOf(name).length === 0) return problem('“header:” needs a name: header:x-campaign.')
      const wanted = rest.join('=')
      return { type: 'header', name, value: wordsOf(wanted).length === 0 ? null : wanted }
    }
  }
}

function wordTerm(field: WordField, text: string, isOpen: boolean): Term | null {
  if (wordsOf(text).length === 0) return null
  return { type: 'words', field, text, isOpen: isOpen && /[\p{L}\p{N}\p{M}]$/u.test(text) }
}

function problem(message: string, isUnfinished = false): Problem {
  return { type: 'problem', message, isUnfinished }
}

const spans: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Days begin at local midnight. */
function readTime(value: string, now: number): number | null {
  const word = value.toLowerCase()
  const today = new Date(now).setHours(0, 0, 0, 0)
  if (word === 'today') return today
  if (word === 'yesterday') return new Date(today).setDate(new Date(today).getDate() - 1)
  const [, count = '', unit = ''] = /^(\d{1,4})([hdw])$/.exec(word) ?? []
  if (count !== '') return now - Number(count) * (spans[unit] ?? 0)
  const [, year, month = '1', day = '1'] = /^(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?$/.exec(word) ?? []
  if (year !== undefined) {
    const date = new Date(Number(year), Number(month) - 1, Number(day))
    return date.getMonth() === Number(month) - 1 ? date.getTime() : null
  }
  if (!/^\d{4}-\d\d-\d\dt\d\d:\d\d/.test(word)) return null
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : at
}

function readSize(value: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(k|m|g)?i?b?$/i.exec(value) ?? []
  if (number === '') return null
  const power = ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
  return Math.round(Number(number) * 1024 ** power)
}
