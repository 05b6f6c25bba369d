/** A letter that no header has joins the name of a header with a word of its value. */
const joiner = 'ꟿ'
const maxValueLength = 200
const maxWordLength = 40

/**
 * A word of a header as one term of the index, so that `x-campaign=winter` does not match `winter` in
 * another header. With an empty word, the prefix of all terms of that header.
 */
export function headerWord(name: string, word: string): string {
  const plain = name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
  return `${plain}${joiner}${word.slice(0, maxWordLength)}`
}

/** The terms of the headers; of a long value, such as a signature, its beginning. */
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
