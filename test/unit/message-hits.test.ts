import { expect, it } from 'vitest'
import { hitPattern, hitWords } from '../../src-renderer/features/inbox/message/hit-words.ts'

it.each([
  ['', []],
  ['frost', ['frost']],
  ['frost leek frost', ['frost', 'leek']],
  ['"two words" more', ['two words', 'more']],
  ['from:ada is:unread frost', ['frost']],
  ['body:leek OR body:"long soup"', ['leek', 'long soup']],
  ['frost -leek -"no soup" subject:"a b"', ['frost']],
  ['fro*', ['fro']],
])('of the query %j the text may hold %j', (query, words) => {
  expect(hitWords(query)).toEqual(words)
})

it('words are marked where a word begins, in any case', () => {
  const found = (text: string, ...words: string[]) =>
    [...text.matchAll(hitPattern(words) ?? /$^/g)].map(({ 0: hit, index }) => [hit, index])
  expect(found('Frost, frosty and defrost', 'frost')).toEqual([
    ['Frost', 0],
    ['frost', 7],
  ])
  expect(found('a.b axb (c', 'a.b', '(c')).toEqual([
    ['a.b', 0],
    ['(c', 8],
  ])
  expect(found('an in-voice/x', 'in-voice/')).toEqual([['in-voice/', 3]])
  expect(hitPattern([])).toBeNull()
})
