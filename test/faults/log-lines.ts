import { vi } from 'vitest'

export type LogLine = { readonly level: string; readonly message: string; readonly cause?: string }

/** What this process logs from now on; it is kept from the output of the tests. */
export function listenToLog() {
  const lines: LogLine[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    for (const line of String(text).trim().split('\n')) {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as LogLine)
    }
    return true
  })
  return {
    lines,
    sentences: (): string[] => lines.map(({ message }) => message),
  }
}
