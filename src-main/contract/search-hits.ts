import { readQuery, type WordField, wordsOf } from './search.ts'

/** What a message's text can be found by, and what its row in the list can. */
export const textFields: readonly WordField[] = ['any', 'body']
export const rowFields: readonly WordField[] = ['any', 'body', 'subject']

/**
 * Finds the words of a search where they stand; null when it is about something else. What is left
 * out is not marked, nor what an operator looks at elsewhere.
 */
export function hitPattern(query: string, fields: readonly WordField[]): RegExp | null {
  // Words mean the same at any time.
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
