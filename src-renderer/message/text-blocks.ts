export type TextBlock = { readonly text: string; readonly lines: number }

const shortText = 20_000
const blockLines = 60
const blockLength = 8000

/** A text in pieces of whole lines, small enough to be drawn alone; a short one stays in one. */
export function blocksOf(text: string): TextBlock[] {
  if (text.length <= shortText) return [{ text, lines: text.split('\n').length }]
  const blocks: TextBlock[] = []
  let start = 0
  while (start < text.length) {
    let end = start
    let lines = 0
    while (end < text.length && lines < blockLines && end - start < blockLength) {
      const next = text.indexOf('\n', end)
      end = next < 0 ? text.length : next + 1
      lines += 1
    }
    // One line without an end is cut where it must be.
    end = Math.min(end, start + 4 * blockLength)
    // Each piece is a block of its own, so the last line break would show as an empty line.
    blocks.push({ text: text.slice(start, end).replace(/\r?\n$/, ''), lines })
    start = end
  }
  return blocks
}
