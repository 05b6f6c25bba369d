/** Synonyms in other APIs. */
const synonyms: readonly (readonly string[])[] = [
  ['query', 'q', 'search', 'filter', 'find', 'text'],
  ['limit', 'per_page', 'page_size', 'size', 'count', 'max'],
  ['page', 'offset', 'skip'],
  ['before', 'cursor', 'until', 'to'],
  ['after', 'since', 'from'],
  ['inbox', 'mailbox', 'folder'],
  ['active', 'is_active', 'enabled'],
]

/** The known name closest to an unknown one. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name)
  const spelled = known.map((other) => ({ other, steps: distance(wanted, plain(other)) }))
  const [close] = spelled.toSorted((a, b) => a.steps - b.steps)
  if (close && close.steps <= Math.max(1, Math.floor(wanted.length / 3))) return close.other
  const alike = synonyms.filter((names) => names.some((other) => plain(other) === wanted)).flat()
  return alike.find((other) => known.includes(other))
}

const plain = (name: string): string =>
  name
    .slice(0, 40)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')

/** Levenshtein distance. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let at = 0; at < left.length; at++) {
    const next = [at + 1]
    for (let column = 0; column < right.length; column++) {
      const isSame = left[at] === right[column]
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (isSame ? 0 : 1),
        ),
      )
    }
    row = next
  }
  return row.at(-1) ?? 0
}
