/**
 * What a person types as an FTS5 expression: every word must be there, the last one may be a
 * beginning. Quoting each word makes all of FTS5's own syntax plain text. Null when there is no word.
 */
export function toMatch(query: string): string | null {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  if (words.length === 0) return null
  const quoted = words.slice(0, 20).map((word) => `"${word}"`)
  return /[\p{L}\p{N}\p{M}]$/u.test(query.trimEnd()) ? `${quoted.join(' ')}*` : quoted.join(' ')
}
