export type LineKind = 'header' | 'folded' | 'boundary' | 'body'

/** Where each line of a text begins and what it is; a 25 MB message has some 350,000 of them. */
export type SourceLines = {
  readonly count: number
  readonly kind: (index: number) => LineKind
  readonly line: (index: number) => string
  /** The line in which a place of the text lies. */
  readonly lineAt: (offset: number) => number
  readonly startOf: (index: number) => number
}

const maxShownLength = 4000
const kinds: readonly LineKind[] = ['body', 'header', 'folded', 'boundary']
const [body, header, folded, boundary] = [0, 1, 2, 3]
const named = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i

export function sourceLines(text: string): SourceLines {
  const starts: number[] = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const known = kindsOf(text, starts)
  return {
    count: starts.length,
    kind: (index) => kinds[known[index] ?? body] ?? 'body',
    line: (index) => {
      const start = starts[index] ?? text.length
      const end = starts[index + 1] ?? text.length
      const line = text.slice(start, Math.min(end, start + maxShownLength)).trimEnd()
      return end - start > maxShownLength ? `${line}…` : line
    },
    lineAt: (offset) => {
      let [low, high] = [0, starts.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle - 1
      }
      return low
    },
    startOf: (index) => starts[index] ?? text.length,
  }
}

/** Header blocks begin the message and follow each boundary; an empty line ends them. */
function kindsOf(text: string, starts: readonly number[]): Uint8Array {
  const found = new Uint8Array(starts.length)
  const boundaries = new Set<string>()
  let isHeader = true
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index] ?? 0
    const first = text.charCodeAt(start)
    if (!isHeader && (first !== 45 || text.charCodeAt(start + 1) !== 45)) continue
    const line = text
      .slice(start, Math.min(starts[index + 1] ?? text.length, start + 1000))
      .trimEnd()
    const divider = line.startsWith('--') ? line.slice(2) : null
    if (divider !== null && boundaries.has(divider.replace(/--$/, ''))) {
      found[index] = boundary
      isHeader = !divider.endsWith('--') || boundaries.has(divider)
    } else if (isHeader && line === '') {
      isHeader = false
    } else if (isHeader) {
      found[index] = first === 32 || first === 9 ? folded : header
      const [, quoted, bare] = named.exec(line) ?? []
      const name = quoted ?? bare
      if (name) boundaries.add(name)
    }
  }
  return found
}
