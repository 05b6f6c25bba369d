import {
  codeLabel,
  currency,
  linking,
  linkingStart,
  otherLabel,
  selling,
  unit,
} from './code-patterns.ts'
import { isReferenceNumber } from './reference-numbers.ts'

type Candidate = {
  readonly start: number
  readonly end: number
  readonly code: string
  /** Only `digits` may be apart from their label: words that contain a digit are too common. */
  readonly kind: 'digits' | 'year' | 'capitals' | 'mixed'
}

/** `direct`: next to its label. `alone`: on its own line below one. `loose`: in the same sentence. */
type Strength = 'direct' | 'alone' | 'loose'

/** Upper bounds against hostile input. */
const maxTextLength = 50_000
const maxLineLength = 500
const maxCandidates = 200
const maxCodes = 10

/** One-time codes of a message, the likeliest first. */
export function codesOf(subject: string, text: string): string[] {
  const lines = [subject, ...text.slice(0, maxTextLength).split('\n')]
    .map((line) => readable(line.slice(0, maxLineLength)))
    .filter((line) => line !== '')
  const found = lines
    .flatMap((line, index) => candidatesOf(line).map((candidate) => ({ candidate, index })))
    .slice(0, maxCandidates)
    .flatMap(({ candidate, index }) => {
      const strength = strengthOf(candidate, lines, index)
      return strength ? [{ code: candidate.code, strength }] : []
    })
  const labelled = found.filter(({ strength }) => strength !== 'loose')
  const ranked = [
    ...labelled.filter(({ strength }) => strength === 'direct'),
    ...labelled.filter(({ strength }) => strength === 'alone'),
  ]
  const chosen = ranked.length > 0 ? ranked : found
  return [...new Set(chosen.map(({ code }) => code))].slice(0, maxCodes)
}

/** Removes URLs and email addresses, whose digits are no codes; converts full-width characters. */
function readable(line: string): string {
  return line
    .replace(/[，、。]/g, '$& ')
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, ' ')
    .split(/\s+/)
    .filter((word) => !word.slice(1, -1).includes('@'))
    .join(' ')
    .replace(/[*_`]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function candidatesOf(line: string): Candidate[] {
  return [...numbersOf(line), ...wordsOf(line)].sort((a, b) => a.start - b.start)
}

/** A number with its separators, so that a date, a price or a phone number stays whole. */
const numberRun =
  /(?<![\p{sc=Latin}\p{sc=Cyrillic}\p{N}])[+(]?\d+(?:(?:[ .,:/–-]|\)[ -]?| ?\()\d+)*(?![\p{sc=Latin}\p{sc=Cyrillic}\p{N}])/gu
/** `G-482913`: the sender's prefix is not part of the code. */
const senderPrefix = /(?<![\p{L}\p{N}-])[A-Z]{1,2}-$/u

function numbersOf(line: string): Candidate[] {
  return [...line.matchAll(numberRun)].flatMap(({ 0: run, index }) => {
    const before = line.slice(0, index)
    if (run.startsWith('+') || currency.test(before)) return []
    if (/\S[-./,]$/.test(before) && !senderPrefix.test(before)) return []
    const bare = run.replace(/^\(/, '')
    return splitRun(bare).flatMap(({ offset, written, digits }) => {
      const start = index + run.length - bare.length + offset
      const end = start + written.length
      if (unit.test(line.slice(end))) return []
      const isYear = /^(?:19|20)\d\d$/.test(written)
      return [{ start, end, code: digits, kind: isYear ? ('year' as const) : ('digits' as const) }]
    })
  })
}

type Piece = { readonly offset: number; readonly written: string; readonly digits: string }

function splitRun(run: string): Piece[] {
  const groups = run.split(/[ –-]/)
  const digits = groups.join('')
  const isPlain = /^\d+$/.test(digits)
  const [first = ''] = groups
  const isEven = groups.every(({ length }) => length === first.length)
  if (!isPlain) return []
  if (groups.length === 1)
    return isCodeLength(digits, 4) ? [{ offset: 0, written: run, digits }] : []
  const isOneCode = isEven && first.length <= 4 && isCodeLength(digits, first.length === 1 ? 4 : 6)
  if (isOneCode) return [{ offset: 0, written: run, digits }]
  // `482913 10`: two numbers side by side, not one.
  if (groups.length > 2 || !run.includes(' ')) return []
  return groups
    .map((written, at) => ({ offset: at === 0 ? 0 : first.length + 1, written, digits: written }))
    .filter((piece) => isCodeLength(piece.digits, 4))
}

const isCodeLength = (digits: string, minLength: number): boolean =>
  digits.length >= minLength && digits.length <= 8

const grouped = /(?<![\p{L}\p{N}-])[A-Z0-9]{3,5}(?:-[A-Z0-9]{3,5}){1,3}(?![\p{L}\p{N}-])/gu
const single =
  /(?<![\p{sc=Latin}\p{N}-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{4,10}(?![\p{sc=Latin}\p{N}-])/gu

function wordsOf(line: string): Candidate[] {
  return [...line.matchAll(grouped), ...line.matchAll(single)]
    .filter(([code]) => /[A-Za-z]/.test(code))
    .map(({ 0: code, index: start }) => ({
      start,
      end: start + code.length,
      code,
      kind: code === code.toUpperCase() ? 'capitals' : 'mixed',
    }))
}

function strengthOf(
  { start, end, kind }: Candidate,
  lines: readonly string[],
  index: number,
): Strength | null {
  const line = lines[index] ?? ''
  const left = line.slice(0, start)
  const right = line.slice(end)
  if (selling.test(line) || isReferenceNumber(left)) return null
  const fromLeft = leftStrength(left)
  if (fromLeft === 'direct' || isNamedAfter(right)) return 'direct'
  const isAlone = !/[\p{L}\p{N}]/u.test(left.replace(senderPrefix, '') + right)
  if (isAlone) return kind !== 'mixed' && isBelowLabel(lines, index) ? 'alone' : null
  return kind === 'digits' ? fromLeft : null
}

/** The end of a sentence, not a period inside it. */
const sentenceEnd = /[.!?。！？](?:\s|$)|[。！？]/

function leftStrength(left: string): Strength | null {
  const last = labelsOf(left).at(-1)
  if (!last?.isCode) return null
  const gap = left.slice(last.end)
  if (isJoined(gap)) return 'direct'
  return gap.length <= 80 && !sentenceEnd.test(gap) ? 'loose' : null
}

/** `482913 is your Acme code`. */
function isNamedAfter(right: string): boolean {
  const [first] = labelsOf(right)
  if (!first?.isCode) return false
  const gap = right.slice(0, first.start)
  if (gap.length > 60 || sentenceEnd.test(gap)) return false
  return isJoined(gap) || linkingStart.test(gap)
}

const isJoined = (gap: string): boolean => !/[\p{L}\p{N}]/u.test(gap.replace(linking, ' '))

const linesAbove = 4

function isBelowLabel(lines: readonly string[], index: number): boolean {
  const above = lines.slice(Math.max(0, index - linesAbove), index).reverse()
  const [nearest = ''] = above
  if (isReferenceNumber(nearest)) return false
  for (const line of [...above, lines[0] ?? '', lines[index + 1] ?? '']) {
    const last = labelsOf(line).at(-1)
    if (last) return last.isCode && !selling.test(line)
  }
  return false
}

type Label = { readonly start: number; readonly end: number; readonly isCode: boolean }

function labelsOf(text: string): Label[] {
  const spans = (pattern: RegExp, isCode: boolean): Label[] =>
    [...text.matchAll(pattern)].map(({ 0: word, index: start }) => ({
      start,
      end: start + word.length,
      isCode,
    }))
  const others = spans(otherLabel, false)
  const codes = spans(codeLabel, true).filter(
    (code) => !others.some((other) => code.start < other.end && other.start < code.end),
  )
  return [...codes, ...others].sort((a, b) => a.start - b.start)
}
