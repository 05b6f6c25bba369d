/** Where each line of a text begins; a 25 MB message has some 350,000 of them. */
export type SourceLines = {
  readonly count: number
  readonly headerCount: number
  readonly line: (index: number) => string
}

const longestShown = 4000

export function sourceLines(text: string): SourceLines {
  const starts = [0]
  let headerCount = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    const start = starts.at(-1) ?? 0
    const isBlank = at - start === 0 || (at - start === 1 && text[start] === '\r')
    if (headerCount === 0 && isBlank) headerCount = starts.length - 1
    starts.push(at + 1)
  }
  return {
    count: starts.length,
    headerCount: headerCount || starts.length,
    line: (index) => {
      const start = starts[index] ?? text.length
      const end = starts[index + 1] ?? text.length
      const line = text.slice(start, Math.min(end, start + longestShown)).trimEnd()
      return end - start > longestShown ? `${line}…` : line
    },
  }
}
