type Expected = { readonly pattern: RegExp; readonly resolve: () => void; isLogged: boolean }

/**
 * Collects the warnings and errors that a server logs. `check` throws for each that no test expects,
 * and for each expected one that the server did not log.
 */
export function createServerLog() {
  const unexpected: string[] = []
  const expected: Expected[] = []
  return {
    write(line: string): void {
      const entries = expected.filter(({ pattern }) => pattern.test(line))
      if (entries.length === 0) unexpected.push(line.trim())
      for (const entry of entries) {
        entry.isLogged = true
        entry.resolve()
      }
    },

    /** Announces a line before it is logged; resolves when it is. */
    expect: (pattern: RegExp): Promise<void> =>
      new Promise((resolve) => {
        expected.push({ pattern, resolve, isLogged: false })
      }),

    check(): void {
      const missing = expected.filter(({ isLogged }) => !isLogged)
      const problems = [
        ...unexpected.map((line) => `The server logged, and no test expects: ${line}`),
        ...missing.map(({ pattern }) => `The server did not log ${pattern}, which a test expects.`),
      ]
      if (problems.length > 0) throw new Error(problems.join('\n'))
    },
  }
}

/** The warnings and errors in the output of a server that runs as its own process. */
export function failuresIn(output: string): string[] {
  return output.split('\n').filter((line) => /^\{.*"level":"(warn|error)"/.test(line))
}
