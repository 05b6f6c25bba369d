import { readHtmlText } from './text.ts'

/** The id of the first visible mark, used as the fragment of a URL. */
export const firstMark = 'mailsage-hit'

const maxReadLength = 500_000
const maxMarks = 1000
const hasWord = /[\p{L}\p{N}\p{M}]/u

// Without quotes, so that it cannot end an attribute; `!important`, so that the styles of the mail
// leave it readable: dark on yellow, and light on brown when the page is inverted.
const markStyle =
  'background:#ffe27a!important;color:#2b2100!important;border-radius:2px!important;scroll-margin:4em'

type Range = { readonly start: number; readonly end: number }

/** Marks the matches of a pattern in the text of the HTML, also across tags. */
export function withMarks(html: string, hits: RegExp): string {
  const { text, starts, ends, isHidden } = readHtmlText(html, maxReadLength)
  const pieces: Range[] = []
  for (const { 0: found, index } of text.matchAll(hits)) {
    pieces.push(...piecesOf(index, index + found.length))
    if (pieces.length >= maxMarks) break
  }

  /** A match with tags in it is marked in pieces between them. */
  function piecesOf(from: number, to: number): Range[] {
    const found: Range[] = []
    let first = from
    for (let at = from; at < to; at++) {
      const isLast = at + 1 === to
      const isJoined = ends[at] === starts[at + 1] || starts[at] === starts[at + 1]
      if (!isLast && isJoined) continue
      // A mark around the blanks between table cells would break the table.
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
    marked += `${html.slice(done, start)}<mark ${id}style=${markStyle}>${html.slice(start, end)}</mark>`
    done = end
  }
  return marked + html.slice(done)
}
