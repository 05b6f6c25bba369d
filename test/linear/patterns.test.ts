import { describe, expect, it, vi } from 'vitest'
import { eventTypeList } from '../../src-main/contract/events.ts'
import { hitPattern, textFields } from '../../src-main/contract/search-hits.ts'
import * as codePatterns from '../../src-main/domain/reading/code-patterns.ts'
import { dateForms } from '../../src-main/mime/dates.ts'
import { hostileTexts, isBounded } from './hostile-texts.ts'
import { countSteps, TooManySteps } from './pattern-steps.ts'
import { readPattern } from './pattern-syntax.ts'
import { patternsOfSources, type SourcePattern } from './source-patterns.ts'

// It counts steps and processor time: a busy machine makes it late, not red.
vi.setConfig({ testTimeout: 120_000 })

const { written, made } = patternsOfSources()

const of = (file: string, { source, flags }: RegExp): SourcePattern => ({ file, source, flags })
const hits = (query: string) => hitPattern(query, textFields) ?? /a/

/** Patterns that are put together when the program runs, by the file that does it. */
const assembled: Readonly<Record<string, readonly RegExp[]>> = {
  'src-main/html/text.ts': [/<\/title(?=[\t\n\f\r />])/gi],
  'src-main/contract/events.ts': [eventTypeList],
  'src-main/contract/search-hits.ts': [hits('a b a'), hits('"a a" -b a'), hits('"a a a a"')],
  'src-main/domain/auth/secret-mask.ts': [
    /((?:m|[%=+]6d)(?:_|[%=+]5f)|s_)(?:\w|[%=+](?:3\d|5[0-9af]))+/gi,
  ],
  'src-main/domain/reading/reference-numbers.ts': [/^(?:bestell\p{sc=Latin}*|konto)$/iu],
  'src-main/domain/reading/code-patterns.ts': Object.values(codePatterns).filter(
    (value) => value instanceof RegExp,
  ),
  'src-main/mime/dates.ts': dateForms,
  'src-main/http/methods.ts': [/^\/v1\/inbox\/[^/]+\/parts\/[^/]+\/?$/],
  'src-renderer/features/connect/colour-code.ts': [],
  'src-renderer/message/source-search.ts': [/a\.\*a/gi],
  'src-renderer/message/header-reading.ts': [/(?:^|\s)from\s+(\S+)/i],
}

/** Files whose patterns only match texts of MailSage. */
const ownTexts = new Set([
  // The examples of Connect.
  'src-renderer/features/connect/colour-code.ts',
])

const startSize = 80
const growth = 6
/** A linear search takes 6 times as many steps, a quadratic one 36 times. */
const maxGrowth = 14
/** For each character of the small text. */
const maxStepsPerUnit = 2000

/** The text that makes the search superlinear, or null. */
function slowText({ source, flags }: Omit<SourcePattern, 'file'>): string | null {
  const pattern = readPattern(source, flags)
  if (isBounded(pattern)) return null
  const bounds = [...source.matchAll(/\{\d+,(\d+)\}/g)].map(([, bound]) => Number(bound))
  const size = Math.max(startSize, ...bounds.filter((bound) => bound <= 500))
  for (const text of hostileTexts(pattern)) {
    const small = steps(text(size), maxStepsPerUnit * size)
    const large = small && steps(text(size * growth), maxGrowth * (small + size))
    if (large === null) return JSON.stringify(text(12))
  }
  return null

  /** Null: too many. */
  function steps(text: string, most: number): number | null {
    try {
      return countSteps(pattern, flags, text, most)
    } catch (error) {
      if (error instanceof TooManySteps) return null
      throw error
    }
  }
}

const slow = (patterns: readonly SourcePattern[]) =>
  patterns.flatMap(({ file, source, flags }) => {
    const text = slowText({ source, flags })
    return text === null ? [] : [`${file}: /${source.slice(0, 200)}/${flags} with ${text}`]
  })

describe('The regular expressions of the sources', () => {
  it('The test finds every regular expression, assembled ones too', () => {
    expect(written.length).toBeGreaterThan(300)
    expect([...made.keys()].sort()).toEqual(Object.keys(assembled).sort())
  })

  it('Every regular expression runs in linear time', () => {
    const met = written.filter(({ file }) => !ownTexts.has(file))
    const put = Object.entries(assembled).flatMap(([file, list]) =>
      list.map((one) => of(file, one)),
    )
    expect(slow([...met, ...put])).toEqual([])
  })
})

describe('The measure of steps', () => {
  it.each([
    /(a|a)*b/,
    /(a+)+b/,
    /(?:x|[x])(?:\s*(?:no|id)|[\s:])*$/,
    /(?:a\s*|[a\s])*$/,
    /\s*$/,
    /\s+$/,
    /a*a*b/,
    /<[a-z][^\s>]*[^>]*>/,
    /.*x/,
    /\[http:[^\]\s]*\]/,
    /(?<=a*)b/,
    /x*(?=[xa]*b)c/,
    /^[^\s@]*@?[^\s@]+\.[^\s@]+$/,
  ])('The measure finds %s', (pattern) => {
    expect(slowText(pattern)).not.toBeNull()
  })

  it.each([/^\s*a/, /\bhttps?:\/\/\S+/g, /<[^<>]*>/g, /^(?:[a-z]+\.)+$/, /a{0,24}b/])(
    'The measure accepts %s',
    (pattern) => {
      expect(slowText(pattern)).toBeNull()
    },
  )
})
