import { charactersOf, firstCharacter, lengthOf } from './characters.ts'
import type { Meter } from './meter.ts'
import { print } from './print.ts'
import { JinjaProblem } from './problem.ts'
import { countIn } from './text-search.ts'
import { isSpecial, markup, type Value } from './values.ts'

/** Changes a text; HTML stays HTML. */
export function mapText(value: Value, change: (text: string) => string): Value {
  const text = change(print(value))
  return isSpecial(value, 'markup') ? markup(text) : text
}

export function capitalize(text: string): string {
  const first = firstCharacter(text)
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** White space, or the characters of `set`, at one end or both. */
export function strip(text: string, set: string | undefined, isStart: boolean, isEnd: boolean) {
  const units = new Set<string>()
  for (let at = 0; at < (set?.length ?? 0); at++) units.add(set?.[at] ?? '')
  const isGone = (character: string | undefined): boolean =>
    character !== undefined && (set === undefined ? /\s/.test(character) : units.has(character))
  let from = 0
  let to = text.length
  while (isStart && from < to && isGone(text[from])) from += 1
  while (isEnd && to > from && isGone(text[to - 1])) to -= 1
  return text.slice(from, to)
}

/** At most `count` replacements; a negative count means all. */
export function replace(
  meter: Meter,
  text: string,
  old: string,
  fresh: string,
  count: number,
): string {
  const max = count < 0 ? Number.POSITIVE_INFINITY : count
  if (old === '') return insertBetween(meter, text, fresh, max)
  const { count: replaced, end } = countIn(meter, text, old, max)
  if (replaced === 0) return text
  meter.spend(replaced)
  meter.spendText(text.length + replaced * (fresh.length - old.length))
  meter.spendSearch(end, old.length)
  return text.slice(0, end).replaceAll(old, () => fresh) + text.slice(end)
}

/** Python finds the empty text before each character and at the end. */
function insertBetween(meter: Meter, text: string, fresh: string, max: number): string {
  const replaced = Math.min(max, lengthOf(text) + 1)
  meter.spend(2 * text.length)
  meter.spendText(text.length + replaced * fresh.length)
  const parts = ['', ...charactersOf(text), '']
  return [...parts.slice(0, replaced), parts.slice(replaced).join('')].join(fresh)
}

/** The text in the middle of `width`, by Python's rule for an odd number of blanks. */
export function center(text: string, width: number, fill: string): string {
  const length = lengthOf(text)
  const missing = Math.max(0, width - length)
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

export function requireFill(fill: string): string {
  if (lengthOf(fill) === 1) return fill
  throw new JinjaProblem('The fill must be one character.')
}

/** Lines without their ends; a last empty line does not count. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\u2028\u2029]/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
