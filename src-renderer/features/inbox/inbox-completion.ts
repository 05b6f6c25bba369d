import {
  type Operator,
  operators,
  type QueryToken,
  quoted,
  splitQuery,
} from '../../../src-main/contract/search.ts'

/** Something to go on with in the search field: `insert` takes the place of `start` to `end`. */
export type Completion = {
  readonly label: string
  readonly hint: string
  readonly insert: string
  readonly start: number
  readonly end: number
}

/** What values there are to choose from. */
export type Known = {
  readonly keys: readonly string[]
  readonly inboxes: readonly string[]
  readonly tags: readonly string[]
  readonly addresses: readonly string[]
}

const most = 8

/** How the piece at the caret could go on. */
export function completionsFor(text: string, caret: number, known: Known, now: Date): Completion[] {
  const token = splitQuery(text).find(({ start, end }) => start < caret && caret <= end)
  if (!token) return text.trim() === '' ? operatorsLike('', 0, text.length) : []
  if (token.operator !== null) return valuesOf(token, token.operator, known, now)
  const typed = token.value.slice(0, caret - token.start)
  if (token.isQuoted || !/^[a-z]+$/i.test(typed)) return []
  return operatorsLike(typed.toLowerCase(), token.start + Number(token.isNegated), token.end)
}

/** An empty field teaches what there is; a beginning offers what begins like it. */
function operatorsLike(typed: string, start: number, end: number): Completion[] {
  return Object.entries(operators)
    .filter(([name]) => name.startsWith(typed))
    .map(([name, hint]) => ({ label: `${name}:`, hint, insert: `${name}:`, start, end }))
}

function valuesOf(token: QueryToken, operator: Operator, known: Known, now: Date): Completion[] {
  const typed = token.value.toLowerCase()
  const prefix = `${token.isNegated ? '-' : ''}${operator}:`
  const { start, end } = token
  return valuesFor(operator, known, now)
    .filter(([value]) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .slice(0, most)
    .map(([value, hint]) => ({
      label: value,
      hint,
      insert: `${prefix}${quoted(value)} `,
      start,
      end,
    }))
}

type Value = readonly [value: string, hint: string]

function valuesFor(operator: Operator, known: Known, now: Date): readonly Value[] {
  const plain = (values: readonly string[]): Value[] => values.map((value) => [value, ''])
  switch (operator) {
    case 'from':
    case 'to':
    case 'cc':
      return plain(known.addresses)
    case 'tag':
      return plain(known.tags)
    case 'inbox':
      return plain(known.inboxes)
    case 'key':
      return plain(known.keys)
    case 'has':
      return [['attachment', 'Any file that came with it']]
    case 'is':
      return [
        ['unread', 'Not opened yet'],
        ['read', 'Opened already'],
      ]
    case 'after':
    case 'before':
      return [
        ['today', 'Midnight'],
        ['yesterday', 'A day before'],
        ['1h', 'An hour ago'],
        ['24h', 'The last day'],
        ['7d', 'A week ago'],
        ['30d', 'A month ago'],
        [dayOf(now), 'A day as it is written'],
      ]
    case 'larger':
    case 'smaller':
      return [
        ['100k', '100 KB'],
        ['1M', '1 MB'],
        ['10M', '10 MB'],
      ]
    case 'header':
      return plain(['x-mailer', 'list-unsubscribe', 'reply-to', 'message-id', 'x-priority'])
    case 'subject':
    case 'body':
      return []
  }
}

function dayOf(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
