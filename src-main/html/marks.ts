import { readHtmlText } from './text.ts'

/** The first mark that can be seen has this id, for an address to end with. */
export const firstMark = 'mailsage-hit'

const maxReadLength = 500_000
const maxMarks = 1000
const hasWord = /[\p{L}\p{N}\p{M}]/u

// No quotes, so that it stays inside whatever it might ever stand in; important, so that the mail's
// own styles leave it readable: dark on yellow by day, and turned with the page light on brown.
const looks =
  'background:#ffe27a!important;color:#2b2100!important;border-radius:2px!important;scroll-margin:4em'

type Piece = { readonly start: number; readonly end: number }

/** Marks what the pattern finds in the words of the HTML, across tags, and changes nothing else. */
export function withMarks(html: string, hits: RegExp): string {
  const { text, starts, ends, isHidden } = readHtmlText(html, maxReadLength)
  const pieces: Piece[] = []
  for (const { 0: found, index } of text.matchAll(hits)) {
    pieces.push(...piecesOf(index, index + found.length))
    if (pieces.length >= maxMarks) break
  }

  /** A hit that tags divide is marked between them. */
  function piecesOf(from: number, to: number): Piece[] {
    const found: Piece[] = []
    let first = from
    for (let at = from; at < to; at++) {
      const isLast = at + 1 === to
      const isJoined = ends[at] === starts[at + 1] || starts[at] === starts[at + 1]
      if (!isLast && isJoined) continue
      // Blanks between the cells of a table must stay bare.
      if (hasWord.test(text.slice(first, at + 1))) {
        found.push({ start: starts[first] ?? 0, end: ends[at] ?? 0 })
      }
      first = at + 1
    }
    return found
  }

  const first = pieces.find(({ start }) => !isHidden(start)) ?? pieces[0]
  let done = 0
  let marked = ''
  for (const piece of pieces) {
    const { start, end } = piece
    const id = piece === first ? `id=${firstMark} ` : ''
    marked += `${html.slice(done, start)}<mark ${id}style=${looks}>${html.slice(start, end)}</mark>`
    done = end
  }
  return marked + html.slice(done)
}
