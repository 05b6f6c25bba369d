const surrogates = /[\ud800-\udfff]/

/** Python counts code points, and JavaScript UTF-16 units. */
export const charactersOf = (text: string): readonly string[] =>
  surrogates.test(text) ? Array.from(text) : text.split('')

export const lengthOf = (text: string): number =>
  surrogates.test(text) ? charactersOf(text).length : text.length

export function sliceText(text: string, start: number, end?: number): string {
  return surrogates.test(text)
    ? charactersOf(text).slice(start, end).join('')
    : text.slice(start, end)
}
