import { describe, expect, it } from 'vitest'
import { readQuery, splitQuery } from '../../src-main/contract/search.ts'
import { planSearch } from '../../src-main/domain/inbox/search.ts'
import { attachSearch, openSearch } from '../../src-main/storage/search-database.ts'
import { createSearchLimit, mayContinue } from '../../src-main/storage/search-limit.ts'
import { openStorage } from './open-storage.ts'

const now = new Date(2026, 10, 22, 12, 0).getTime()
const idBefore = (at: number) => Math.round(at / 1000)
const receivedBefore = (at: number) => [{ first: 0, last: idBefore(at) }]
const plan = (query: string) => planSearch(query, now, receivedBefore)
const any = '{subject sender recipients body}'

function matchOf(query: string): unknown {
  const [first] = plan(query).conditions
  return first?.[0] === 'hits.words MATCH ?' ? first[1][0] : null
}

describe('The words of a search', () => {
  it.each([
    ['hello', `(${any} : "hello"*)`],
    ['hello wor', `(${any} : "hello") AND (${any} : "wor"*)`],
    ['hello ', `(${any} : "hello")`],
    ['"exact words"', `(${any} : "exact words")`],
    ['"not closed', `(${any} : "not closed")`],
    ['a@example.com', `(${any} : "a example com"*)`],
    ['NEAR(a b)', `(${any} : "NEAR a") AND (${any} : "b")`],
    ['12:30', `(${any} : "12 30"*)`],
    ['unknown:thing', `(${any} : "unknown thing"*)`],
    ['Grüße 東', `(${any} : "Grüße") AND (${any} : "東"*)`],
    ['one OR two', `(${any} : "one" OR ${any} : "two"*)`],
    ['one -two', `(${any} : "one") NOT ${any} : "two"*`],
    ['subject:hello x', '(subject : "hello"*) AND ({subject sender recipients body} : "x"*)'],
    ['FROM:"Grace Hopper"', '(sender : "Grace Hopper")'],
    ['to:ada', '(recipients : "ada"*)'],
    ['cc:ada', '(copies : "ada"*)'],
    ['body:tea', '(body : "tea"*)'],
    ['header:x-campaign', '(headers : "xcampaignꟿ"*)'],
    ['header:"X-Campaign=winter sale"', '(headers : "xcampaignꟿwinter xcampaignꟿsale"*)'],
    ['header:subject=tea', '(subject : "tea"*)'],
    ['', null],
    ['  ', null],
    ['"*-^:', null],
    ['-', null],
    ['-only', null],
  ])('The input %j means %j', (typed, expression) => {
    expect(matchOf(typed)).toBe(expression)
  })
})

describe('The operators of a search', () => {
  it.each([
    [
      'has:attachment',
      `(messages.id IN (SELECT message_id FROM search.digests WHERE attachments > 0 AND ${mayContinue('message_id')}))`,
      [],
    ],
    ['is:unread', '(messages.read = ?)', [0]],
    ['is:read', '(messages.read = ?)', [1]],
    ['tag:"two words"', 'tagged.tag = ?', ['two words']],
    ['larger:1.5k', '(messages.size_bytes > ?)', [1536]],
    ['smaller:2MB', '(messages.size_bytes < ?)', [2_097_152]],
    ['-is:read', '(NOT coalesce(messages.read = ?, 0))', [1]],
    ['before:2026-11-22', '(messages.id <= ?)', [idBefore(new Date(2026, 10, 22).getTime())]],
    ['after:yesterday', '(messages.id > ?)', [idBefore(new Date(2026, 10, 21).getTime())]],
    ['after:2h', '(messages.id > ?)', [idBefore(now - 7_200_000)]],
    ['is:read OR larger:1', '+(messages.read = ? OR messages.size_bytes > ?)', [1, 1]],
  ])('The query %s becomes the condition %s', (query, sql, values) => {
    const { id, conditions } = plan(query)
    expect(conditions).toEqual([
      [mayContinue(id), []],
      [sql, values],
    ])
  })

  it('Words together with operators are looked up in the index first', () => {
    const { from, id, conditions } = plan('tea is:unread')
    expect([from.startsWith('search.words'), id]).toEqual([true, 'hits.rowid'])
    expect(conditions).toHaveLength(3)
  })

  it('A tag alone is read in the order of its messages', () => {
    expect(plan('tag:a is:read').id).toBe('tagged.message_id')
    expect(plan('-tag:a').id).toBe('messages.id')
    expect(plan('tag:a OR tag:b').id).toBe('messages.id')
  })
})

describe('An invalid search', () => {
  it.each([
    ['before:soon', /“soon” is not a date/, true],
    ['before:soon x', /“soon” is not a date/, false],
    ['before:2026-02-31 x', /not a date/, false],
    ['larger:much x', /“much” is not a size/, false],
    ['is:purple x', /is:unread or is:read/, false],
    ['has:legs x', /has:attachment/, false],
    ['from:', /“from:” needs a value/, true],
    ['header:=x', /needs a name/, false],
    ['OR x', /needs a term before it/, false],
    ['x OR', /needs a term after it/, true],
    ['x OR OR y', /needs a term before it/, false],
    ['x '.repeat(51), /at most 50 terms/, false],
  ])('The query %j gives its reason', (query, sentence, isUnfinished) => {
    const reading = readQuery(query, now)
    expect(reading).toEqual({
      type: 'problem',
      message: expect.stringMatching(sentence),
      isUnfinished,
    })
    expect(() => plan(query)).toThrow(sentence)
  })
})

it('Every term has its position in the query', () => {
  const text = '  -from:"Grace H" tea'
  expect(
    splitQuery(text).map(({ start, end, operator }) => [text.slice(start, end), operator]),
  ).toEqual([
    ['-from:"Grace H"', 'from'],
    ['tea', null],
  ])
})

it('Any input is parsed in bounded time', () => {
  const letters = ['"', '-', ':', ' ', 'OR', 'from', 'a', '=', '\u0000', '😀', 'tag:']
  for (let seed = 1; seed < 3000; seed++) {
    let state = seed
    const text = Array.from({ length: 12 }, () => {
      state = (state * 48_271) % 2_147_483_647
      return letters[state % letters.length]
    }).join('')
    expect(['query', 'problem']).toContain(readQuery(text, now).type)
  }
})

describe('The SQL plan of a search', () => {
  it.each([
    ...['tea', '-tea', '-a -b', 'a OR b', 'from:x -y', 'has:attachment', '-has:attachment'],
    ...['has:attachment OR a', '-a OR is:read', 'header:x-a=b OR a', 'tag:a -b', 'tag:a OR -b'],
  ])('The index is asked once for %j, and nothing is sorted', (query) => {
    const { folder, database } = openStorage()
    openSearch(folder).close()
    attachSearch(database, folder)
    createSearchLimit(new SharedArrayBuffer(4), 1000).install(database)
    const { from, id, conditions } = plan(query)
    const steps = database
      .prepare<unknown[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT messages.subject, snippet FROM ${from}
         WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY ${id} DESC LIMIT 51`,
      )
      .all(...conditions.flatMap(([, values]) => values))
      .map(({ detail }) => detail)
    const correlated = steps.findIndex((step) => step.startsWith('CORRELATED'))
    expect(steps[correlated + 1]).not.toMatch(correlated < 0 ? /^$/ : /VIRTUAL TABLE/)
    expect(steps.filter((step) => step.includes('TEMP B-TREE'))).toEqual([])
  })
})
