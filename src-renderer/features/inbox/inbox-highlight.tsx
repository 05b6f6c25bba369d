import { Fragment } from 'react'
import { readQuery, wordsOf } from '../../../src-main/contract/search.ts'

const shown = { any: true, subject: true, body: true, from: false, to: false, cc: false }

/** What to mark in texts that a search found; null when the search is about something else. */
export function highlightOf(query: string): RegExp | null {
  const reading = readQuery(query, Date.now())
  if (reading.type === 'problem') return null
  const phrases = reading.clauses.flat().flatMap(({ term, isNegated }) => {
    if (isNegated || term.type !== 'words' || !shown[term.field]) return []
    const words = wordsOf(term.text).join('[^\\p{L}\\p{N}\\p{M}]+')
    return [term.isOpen ? words : `${words}(?![\\p{L}\\p{N}\\p{M}])`]
  })
  if (phrases.length === 0) return null
  return new RegExp(`(?<![\\p{L}\\p{N}\\p{M}])(${phrases.join('|')})`, 'giu')
}

/** A text with what was searched for marked. */
export function Marked({ text, highlight }: { text: string; highlight: RegExp | null }) {
  if (highlight === null) return text
  const pieces = text.split(highlight)
  if (pieces.length === 1) return text
  return pieces.map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <mark key={index} className="rounded-sm bg-warn-soft text-warn-ink">
        {piece}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <Fragment key={index}>{piece}</Fragment>
    ),
  )
}
