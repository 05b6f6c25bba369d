export type LogLine = { readonly level: string; readonly message: string; readonly cause?: string }

/** Collects the log of a server, for tests that check it. */
export function collectLog() {
  const lines: LogLine[] = []
  return {
    lines,
    write: (line: string): void => void lines.push(JSON.parse(line) as LogLine),
    sentences: (): string[] => lines.map(({ message }) => message),
  }
}
