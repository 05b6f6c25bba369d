import { Fault } from '../../contract/faults.ts'
import {
  type Clause,
  readQuery,
  type Term,
  type WordField,
  wordsOf,
} from '../../contract/search.ts'
import { mayContinue } from '../../storage/search-limit.ts'
import { headerWord } from '../../storage/search-words.ts'
import type { IdRange } from '../messages/message-times.ts'

type Condition = readonly [sql: string, values: readonly unknown[]]

/** The parts of a query that returns search hits, newest first without a sort. */
export type SearchPlan = {
  /** Joins `messages` and `digests`; a condition may use both. */
  readonly from: string
  /** The column to order by. */
  readonly id: string
  readonly isEmpty: boolean
  /** Looks at every message in its order, and first gathers ids to compare them with. */
  readonly isWalk: boolean
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

/** A range of the inbox by row ids, exclusive. */
export type Between = { readonly before?: number | undefined; readonly after?: number | undefined }

type SearchScope = { readonly receivedBefore: ReceivedBefore; readonly between: Between }

/** Headers with their own column in the index. */
const headerFields: Readonly<Record<string, WordField>> = {
  subject: 'subject',
  from: 'from',
  to: 'to',
  cc: 'cc',
}

/**
 * `receivedBefore` gives the messages received before a time; `between` limits the search. Each
 * condition is linear in that range: no statement runs per message. Refuses an invalid query.
 */
export function planSearch(
  query: string | undefined,
  now: number,
  receivedBefore: ReceivedBefore,
  between: Between = {},
): SearchPlan {
  const sight: SearchScope = { receivedBefore, between }
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
    clause === tagged ? taggedWith(clause) : anyOf(clause, sight),
  )
  if (wanted.length > 0) {
    const match = [wanted.join(' AND '), ...unwanted].join(' NOT ')
    return {
      from: `search.words AS hits CROSS JOIN messages ON messages.id = hits.rowid ${digests}`,
      id: 'hits.rowid',
      isEmpty: false,
      isWalk: false,
      conditions: [
        ['hits.words MATCH ?', [match]],
        ...inRange('hits.rowid', between),
        ...conditions,
      ],
    }
  }
  return {
    ...(tagged
      ? {
          from: `message_tags AS tagged CROSS JOIN messages ON messages.id = tagged.message_id ${digests}`,
          id: 'tagged.message_id',
        }
      : { from: `messages ${digests}`, id: 'messages.id' }),
    isEmpty: reading.clauses.length === 0,
    isWalk: reading.clauses.length > 0,
    conditions: [
      ...inRange(tagged ? 'tagged.message_id' : 'messages.id', between),
      ...unwanted.map((match) => not(isHit(match, between))),
      ...conditions,
    ],
  }
}

/** The tag index is small and ordered by message, so it drives the query when no words do. */
function isTag([first, ...more]: Clause): boolean {
  return more.length === 0 && first?.term.type === 'tag' && !first.isNegated
}

function taggedWith(clause: Clause): Condition {
  return ['tagged.tag = ?', clause.flatMap(({ term }) => (term.type === 'tag' ? [term.name] : []))]
}

/** Only while somebody waits, and only in the range. */
function inRange(id: string, { before, after }: Between): Condition[] {
  return [
    [mayContinue(id), []],
    ...(before === undefined ? [] : [[`${id} < ?`, [before]] as const]),
    ...(after === undefined ? [] : [[`${id} > ?`, [after]] as const]),
  ]
}

/** The index is asked once, not for each message: what a beginning of a word finds is costly to find. */
function isHit(match: string | null, between: Between): Condition {
  return within('SELECT rowid FROM search.words WHERE words MATCH ?', [match], 'rowid', between)
}

function within(sql: string, values: readonly unknown[], id: string, between: Between): Condition {
  const conditions = inRange(id, between)
  return [
    `messages.id IN (${[sql, ...conditions.map(([condition]) => condition)].join(' AND ')})`,
    [...values, ...conditions.flatMap(([, more]) => more)],
  ]
}

function not([sql, values]: Condition): Condition {
  return [`NOT ${sql}`, values]
}

function anyOf(clause: Clause, sight: SearchScope): Condition {
  const parts = clause.map(({ term, isNegated }): Condition => {
    const [sql, values] = conditionOf(term, sight)
    return [isNegated ? `NOT coalesce(${sql}, 0)` : sql, values]
  })
  // The plus keeps SQLite from an index for each part: their messages would then have to be sorted.
  const order = parts.length > 1 ? '+' : ''
  return [
    `${order}(${parts.map(([sql]) => sql).join(' OR ')})`,
    parts.flatMap(([, values]) => values),
  ]
}

function conditionOf(term: Term, { receivedBefore, between }: SearchScope): Condition {
  switch (term.type) {
    case 'words':
    case 'header':
      return isHit(matchOf(term), between)
    case 'attachment':
      return within(
        'SELECT message_id FROM search.digests WHERE attachments > 0',
        [],
        'message_id',
        between,
      )
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
      return inRanges(receivedBefore(term.at))
    case 'after':
      return outside(receivedBefore(term.at))
    case 'larger':
      return ['messages.size_bytes > ?', [term.bytes]]
    case 'smaller':
      return ['messages.size_bytes < ?', [term.bytes]]
  }
}

/** One comparison if the clock was never set back. */
function inRanges(ranges: readonly IdRange[]): Condition {
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
  const [sql, values] = inRanges(ranges)
  return [`NOT ${sql}`, values]
}

/** The term as an FTS5 expression; quotes turn FTS5 syntax into plain text. */
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
