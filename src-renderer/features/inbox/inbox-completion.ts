import {
  type Operator,
  operators,
  type QueryToken,
  quoted,
  splitQuery,
} from '../../../src-main/contract/search.ts'
import { inboxLabels } from './labels.ts'

/** A suggestion: `insert` replaces the text from `start` to `end`. */
export type Completion = {
  readonly label: string
  readonly hint: string
  readonly insert: string
  readonly start: number
  readonly end: number
}

/** Values for the suggestions. */
export type KnownValues = {
  readonly keys: readonly string[]
  readonly inboxes: readonly string[]
  readonly tags: readonly string[]
  readonly addresses: readonly string[]
}

const maxCompletions = 8

/** Suggestions for the token at the caret. */
export function completionsFor(
  text: string,
  caret: number,
  known: KnownValues,
  now: Date,
): Completion[] {
  const token = splitQuery(text).find(({ start, end }) => start < caret && caret <= end)
  if (!token) return text.trim() === '' ? operatorsWithPrefix('', 0, text.length) : []
  if (token.operator !== null) return valuesOf(token, token.operator, known, now)
  const typed = token.value.slice(0, caret - token.start)
  if (token.isQuoted || !/^[a-z]+$/i.test(typed)) return []
  return operatorsWithPrefix(typed.toLowerCase(), token.start + Number(token.isNegated), token.end)
}

/** Operators with this prefix; all operators for an empty field. */
function operatorsWithPrefix(typed: string, start: number, end: number): Completion[] {
  return Object.entries(operators)
    .filter(([name]) => name.startsWith(typed))
    .map(([name, hint]) => ({ label: `${name}:`, hint, insert: `${name}:`, start, end }))
}

function valuesOf(
  token: QueryToken,
  operator: Operator,
  known: KnownValues,
  now: Date,
): Completion[] {
  const typed = token.value.toLowerCase()
  const prefix = `${token.isNegated ? '-' : ''}${operator}:`
  const { start, end } = token
  return valuesFor(operator, known, now)
    .filter(([value]) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .slice(0, maxCompletions)
    .map(([value, hint]) => ({
      label: value,
      hint,
      insert: `${prefix}${quoted(value)} `,
      start,
      end,
    }))
}

type Value = readonly [value: string, hint: string]

function valuesFor(operator: Operator, known: KnownValues, now: Date): readonly Value[] {
  const { hints } = inboxLabels
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
      return [['attachment', hints.attachment]]
    case 'is':
      return [
        ['unread', hints.unread],
        ['read', hints.read],
      ]
    case 'after':
    case 'before':
      return [
        ['today', hints.today],
        ['yesterday', hints.yesterday],
        ['1h', hints['1h']],
        ['24h', hints['24h']],
        ['7d', hints['7d']],
        ['30d', hints['30d']],
        [dayOf(now), hints.date],
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
