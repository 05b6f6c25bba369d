import type { Meter } from './meter.ts'

/** The only searches for texts of a template: each is charged before it runs. */

export function indexIn(meter: Meter, text: string, part: string, from = 0): number {
  meter.spendSearch(text.length - from, part.length)
  return text.indexOf(part, from)
}

export function lastIndexIn(meter: Meter, text: string, part: string): number {
  meter.spendSearch(text.length, part.length)
  return text.lastIndexOf(part)
}

export function startsWith(meter: Meter, text: string, part: string): boolean {
  meter.spendSearch(part.length, part.length)
  return text.startsWith(part)
}

export function endsWith(meter: Meter, text: string, part: string): boolean {
  meter.spendSearch(part.length, part.length)
  return text.endsWith(part)
}

/** Places of the part, which is not empty, and the end of the last one; at most `max` places. */
export function countIn(
  meter: Meter,
  text: string,
  part: string,
  max = Number.POSITIVE_INFINITY,
): { readonly count: number; readonly end: number } {
  meter.spendSearch(text.length, part.length)
  let count = 0
  let end = 0
  while (count < max) {
    const at = text.indexOf(part, end)
    if (at < 0) break
    count += 1
    end = at + part.length
  }
  return { count, end }
}

/** The separator is not empty. */
export function splitBy(meter: Meter, text: string, separator: string): string[] {
  meter.spendSearch(text.length, separator.length)
  meter.spend(text.length)
  return text.split(separator)
}
