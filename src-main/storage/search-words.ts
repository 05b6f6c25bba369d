/** A letter that no header has: it holds a header's name and a word of its value together. */
const bond = 'ꟿ'
const maxValueLength = 200
const maxWordLength = 40

/**
 * A word of a header as one word of the index, so that `x-campaign=winter` is not found where
 * another header says winter. An empty word is the beginning of all words of that header.
 */
export function headerWord(name: string, word: string): string {
  const plain = name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
  return `${plain}${bond}${word.slice(0, maxWordLength)}`
}

/** What the index keeps of the headers; the beginning of a long one, such as a signature, is enough. */
export function headerWords(
  headers: readonly { readonly name: string; readonly value: string }[],
): string {
  return headers
    .flatMap(({ name, value }) => {
      const words = value.slice(0, maxValueLength).match(/[\p{L}\p{N}\p{M}]+/gu) ?? ['']
      return words.map((word) => headerWord(name, word))
    })
    .join(' ')
}
