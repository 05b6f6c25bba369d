export type SourceHit = { readonly start: number; readonly end: number }

const maxHits = 2000

/** Case-insensitive matches, at most `maxHits`. */
export function searchSource(text: string, search: string): SourceHit[] {
  if (search === '') return []
  const pattern = new RegExp(search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi')
  const hits: SourceHit[] = []
  for (const { 0: found, index } of text.matchAll(pattern)) {
    hits.push({ start: index, end: index + found.length })
    if (hits.length === maxHits) break
  }
  return hits
}
