const operator = /^-?[a-z]+:/i

/** The words of a search that may stand in the text itself: no operators, nothing left out. */
export function hitWords(query: string): string[] {
  const pieces = query.match(/-?(?:[a-z]+:)?"[^"]*"|\S+/gi) ?? []
  const words = pieces.flatMap((piece) => {
    const word = piece.replace(/^body:/i, '')
    if (operator.test(word) || word.startsWith('-') || word === 'OR') return []
    return word.replace(/["*()]/g, '').trim() || []
  })
  return [...new Set(words)]
}

/** Finds any of the words where a word begins; null when there are none. */
export function hitPattern(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null
  const written = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${written.join('|')})`, 'giu')
}
