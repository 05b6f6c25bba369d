export type TextBlock = { readonly text: string; readonly lines: number }

const maxSingleLength = 20_000
const blockLines = 60
const blockLength = 8000

/** Splits a long text at line ends into blocks for a virtual list; a short text stays whole. */
export function splitIntoBlocks(text: string): TextBlock[] {
  if (text.length <= maxSingleLength) return [{ text, lines: text.split('\n').length }]
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
    // A very long line is cut.
    end = Math.min(end, start + 4 * blockLength)
    // A trailing line break would show as an empty line.
    blocks.push({ text: text.slice(start, end).replace(/\r?\n$/, ''), lines })
    start = end
  }
  return blocks
}
