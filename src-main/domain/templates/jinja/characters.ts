const surrogates = /[\ud800-\udfff]/
const pairs = /[\ud800-\udbff][\udc00-\udfff]/

export const hasSurrogates = (text: string): boolean => surrogates.test(text)

/** Python counts code points, and JavaScript UTF-16 units. Charge two steps a unit before. */
export const charactersOf = (text: string): readonly string[] =>
  hasSurrogates(text) ? Array.from(text) : text.split('')

export function lengthOf(text: string): number {
  if (!pairs.test(text)) return text.length
  let length = 0
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) length += 1
  return length
}

export function firstCharacter(text: string): string {
  const code = text.codePointAt(0)
  return code === undefined ? '' : String.fromCodePoint(code)
}

/** `start` and `end` are not negative. */
export function sliceText(text: string, start: number, end = Number.POSITIVE_INFINITY): string {
  if (!hasSurrogates(text)) return text.slice(start, end)
  let from = 0
  let at = 0
  for (let count = 0; at < text.length && count < end; count++) {
    if (count === start) from = at
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  }
  return text.slice(from, at)
}
