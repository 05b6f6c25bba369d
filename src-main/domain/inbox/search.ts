import { Fault } from '../../contract/faults.ts'
import {
  type Clause,
  readQuery,
  type Term,
  type WordField,
  wordsOf,
} from '../../contract/search.ts'
import { headerWord } from '../../storage/search-words.ts'
import type { IdRange } from '../messages/message-times.ts'

type Condition = readonly [sql: string, values: readonly unknown[]]

/** Where to read the messages from that a search means, newest first without a sort. */
export type SearchPlan = {
  /** Ends in `messages` and `digests`, which every condition may speak of. */
  readonly from: string
  /** The column that gives the order. */
  readonly id: string
  readonly conditions: readonly Condition[]
}

const digests = 'LEFT JOIN search.digests AS digests ON digests.message_id = messages.id'

const columnsOf: Readonly<Record<WordField, string>> = {
  any: '{subject sender recipients body}',
  subject: 'subject',
  from: 'sender',
  to: 'recipients',
  cc: 'copies',
  body: 'body',
}

type ReceivedBefore = (at: number) => readonly IdRange[]

/** Headers that have a column of their own. */
const headerFields: Readonly<Record<string, WordField>> = {
  subject: 'subject',
  from: 'from',
  to: 'to',
  cc: 'cc',
}

/** `receivedBefore`: the messages received before a time. Refuses what cannot be read. */
export function planSearch(
  query: string | undefined,
  now: number,
  receivedBefore: ReceivedBefore,
): SearchPlan {
  const reading = readQuery(query ?? '', now)
  if (reading.type === 'problem') {
    throw new Fault('invalid_parameter', `“query” cannot be read. ${reading.message}`)
  }
  const wanted: string[] = []
  const unwanted: string[] = []
  const rest: Clause[] = []
  for (const clause of reading.clauses) {
    const matches = clause.map(({ term }) => matchOf(term))
    const [only] = clause
    if (matches.some((match) => match === null)) rest.push(clause)
    else if (clause.length === 1 && only?.isNegated) unwanted.push(matches.join(''))
    else if (clause.some(({ isNegated }) => isNegated)) rest.push(clause)
    else wanted.push(`(${matches.join(' OR ')})`)
  }
  const tagged = wanted.length > 0 ? undefined : rest.find(isTag)
  const conditions = rest.map((clause) =>
    clause === tagged ? taggedWith(clause) : anyOf(clause, receivedBefore),
  )
  if (wanted.length > 0) {
    const match = [wanted.join(' AND '), ...unwanted].join(' NOT ')
    return {
      from: `search.words AS hits CROSS JOIN messages ON messages.id = hits.rowid ${digests}`,
      id: 'hits.rowid',
      conditions: [['hits.words MATCH ?', [match]], ...conditions],
    }
  }
  return {
    ...(tagged
      ? {
          from: `message_tags AS tagged CROSS JOIN messages ON messages.id = tagged.message_id ${digests}`,
          id: 'tagged.message_id',
        }
      : { from: `messages ${digests}`, id: 'messages.id' }),
    conditions: [...unwanted.map((match): Condition => [`NOT ${isHit}`, [match]]), ...conditions],
  }
}

/** Few messages have a tag, and what has one lies in order: better than looking at all of them. */
function isTag([first, ...more]: Clause): boolean {
  return more.length === 0 && first?.term.type === 'tag' && !first.isNegated
}

function taggedWith(clause: Clause): Condition {
  return ['tagged.tag = ?', clause.flatMap(({ term }) => (term.type === 'tag' ? [term.name] : []))]
}

const isHit =
  'EXISTS (SELECT 1 FROM search.words AS one WHERE one.words MATCH ? AND one.rowid = messages.id)'

function anyOf(clause: Clause, receivedBefore: ReceivedBefore): Condition {
  const parts = clause.map(({ term, isNegated }): Condition => {
    const [sql, values] = conditionOf(term, receivedBefore)
    return [isNegated ? `NOT coalesce(${sql}, 0)` : sql, values]
  })
  return [`(${parts.map(([sql]) => sql).join(' OR ')})`, parts.flatMap(([, values]) => values)]
}

function conditionOf(term: Term, receivedBefore: ReceivedBefore): Condition {
  switch (term.type) {
    case 'words':
    case 'header':
      return [isHit, [matchOf(term)]]
    case 'attachment':
      return ['messages.id IN (SELECT message_id FROM search.digests WHERE attachments > 0)', []]
    case 'read':
      return ['messages.read = ?', [Number(term.read)]]
    case 'tag':
      return [
        'EXISTS (SELECT 1 FROM message_tags AS t WHERE t.tag = ? AND t.message_id = messages.id)',
        [term.name],
      ]
    case 'inbox':
      return [
        'messages.inbox IN (SELECT name FROM inboxes WHERE name = ? COLLATE NOCASE)',
        [term.name],
      ]
    case 'key':
      return [
        'messages.key_id IN (SELECT id FROM keys WHERE public_id = ? OR name = ? COLLATE NOCASE)',
        [term.name, term.name],
      ]
    case 'before':
      return within(receivedBefore(term.at))
    case 'after':
      return outside(receivedBefore(term.at))
    case 'larger':
      return ['messages.size_bytes > ?', [term.bytes]]
    case 'smaller':
      return ['messages.size_bytes < ?', [term.bytes]]
  }
}

/** Where the clock was never set back, one comparison. */
function within(ranges: readonly IdRange[]): Condition {
  const [only = { first: 0, last: 0 }, ...more] = ranges
  if (more.length === 0 && only.first === 0) return ['messages.id <= ?', [only.last]]
  return [
    `(${ranges.map(() => 'messages.id BETWEEN ? AND ?').join(' OR ')})`,
    ranges.flatMap(({ first, last }) => [first, last]),
  ]
}

function outside(ranges: readonly IdRange[]): Condition {
  const [only = { first: 0, last: 0 }, ...more] = ranges
  if (more.length === 0 && only.first === 0) return ['messages.id > ?', [only.last]]
  const [sql, values] = within(ranges)
  return [`NOT ${sql}`, values]
}

/** The term as an FTS5 expression; quoting makes all of FTS5's own syntax plain text. */
function matchOf(term: Term): string | null {
  if (term.type === 'words') {
    return `${columnsOf[term.field]} : ${phrase(wordsOf(term.text), term.isOpen)}`
  }
  if (term.type !== 'header') return null
  const field = headerFields[term.name.toLowerCase()]
  if (field && term.value !== null) {
    return `${columnsOf[field]} : ${phrase(wordsOf(term.value), true)}`
  }
  const words = term.value === null ? [''] : wordsOf(term.value)
  const { name } = term
  return `headers : ${phrase(
    words.map((word) => headerWord(name, word)),
    true,
  )}`
}

function phrase(words: readonly string[], isOpen: boolean): string {
  return `"${words.join(' ')}"${isOpen ? '*' : ''}`
}
