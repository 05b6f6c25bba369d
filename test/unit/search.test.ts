import { expect, it } from 'vitest'
import { toMatch } from '../../src-main/domain/search.ts'

it.each([
  ['hello', '"hello"*'],
  ['hello wor', '"hello" "wor"*'],
  ['hello ', '"hello"*'],
  ['"exact words"', '"exact" "words"'],
  ['a@example.com', '"a" "example" "com"*'],
  ['NEAR(a b)', '"NEAR" "a" "b"'],
  ['subject:x OR y', '"subject" "x" "OR" "y"*'],
  ['Grüße 東京', '"Grüße" "東京"*'],
  ['', null],
  ['  ', null],
  ['"*-^:', null],
])('%j means %j', (typed, expression) => {
  expect(toMatch(typed)).toBe(expression)
})

it('has at most twenty words', () => {
  expect(toMatch('word '.repeat(500))?.split(' ')).toHaveLength(20)
})
