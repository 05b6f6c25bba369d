export type LogLine = { readonly level: string; readonly message: string; readonly cause?: string }

/** Collects all that a server logs, for a test that says what it must be. */
export function collectLog() {
  const lines: LogLine[] = []
  return {
    lines,
    write: (line: string): void => void lines.push(JSON.parse(line) as LogLine),
    sentences: (): string[] => lines.map(({ message }) => message),
  }
}
