import { readQuery, type WordField, wordsOf } from './search.ts'

/** Search fields that match a message's text, and those that match its row in the list. */
export const textFields: readonly WordField[] = ['any', 'body']
export const rowFields: readonly WordField[] = ['any', 'body', 'subject']

/**
 * A pattern for the words of a search in these fields; null: none. Excluded words and the words of
 * other fields are not part of it.
 */
export function hitPattern(query: string, fields: readonly WordField[]): RegExp | null {
  // Words do not depend on the time.
  const reading = readQuery(query, 0)
  if (reading.type === 'problem') return null
  const phrases = reading.clauses.flat().flatMap(({ term, isNegated }) => {
    if (isNegated || term.type !== 'words' || !fields.includes(term.field)) return []
    const words = wordsOf(term.text).join('[^\\p{L}\\p{N}\\p{M}]+')
    return [term.isOpen ? words : `${words}(?![\\p{L}\\p{N}\\p{M}])`]
  })
  if (phrases.length === 0) return null
  return new RegExp(`(?<![\\p{L}\\p{N}\\p{M}])(${phrases.join('|')})`, 'giu')
}
