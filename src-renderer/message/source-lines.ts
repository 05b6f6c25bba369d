export type LineKind = 'header' | 'folded' | 'boundary' | 'body'

/** Offsets and kinds of the lines; a 25 MB message has about 350,000 lines. */
export type SourceLines = {
  readonly count: number
  readonly kind: (index: number) => LineKind
  readonly line: (index: number) => string
  /** The line that contains an offset. */
  readonly lineAt: (offset: number) => number
  readonly startOf: (index: number) => number
}

const maxShownLength = 4000
const kinds: readonly LineKind[] = ['body', 'header', 'folded', 'boundary']
const [body, header, folded, boundary] = [0, 1, 2, 3]
const boundaryParameter = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i

export function sourceLines(text: string): SourceLines {
  const starts: number[] = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const lineKinds = classifyLines(text, starts)
  return {
    count: starts.length,
    kind: (index) => kinds[lineKinds[index] ?? body] ?? 'body',
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

/** A header block starts the message and follows each boundary; an empty line ends it. */
function classifyLines(text: string, starts: readonly number[]): Uint8Array {
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
      const [, quoted, bare] = boundaryParameter.exec(line) ?? []
      const name = quoted ?? bare
      if (name) boundaries.add(name)
    }
  }
  return found
}
