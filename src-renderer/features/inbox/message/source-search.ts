export type SourceHit = { readonly start: number; readonly end: number }

const maxHits = 2000

/** Where a text has these words, in any case; as many as anybody would step through. */
export function searchSource(text: string, words: string): SourceHit[] {
  if (words === '') return []
  const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi')
  const hits: SourceHit[] = []
  for (const { 0: found, index } of text.matchAll(pattern)) {
    hits.push({ start: index, end: index + found.length })
    if (hits.length === maxHits) break
  }
  return hits
}
