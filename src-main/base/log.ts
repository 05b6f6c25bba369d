export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>

export type Log = {
  readonly debug: (message: string, fields?: Fields) => void
  readonly info: (message: string, fields?: Fields) => void
  readonly warn: (message: string, fields?: Fields) => void
  readonly error: (message: string, cause: unknown, fields?: Fields) => void
}

/** One JSON object a line, on stderr, so that stdout stays free for answers. */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Log {
  const threshold = logLevels.indexOf(level)

  function line(at: LogLevel, message: string, fields: Fields = {}): void {
    if (logLevels.indexOf(at) < threshold) return
    const entry = { timestamp: new Date().toISOString(), level: at, message, ...fields }
    write(`${JSON.stringify(entry)}\n`)
  }

  return {
    debug: (message, fields) => line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, cause, fields) =>
      line('error', message, {
        ...fields,
        cause: cause instanceof Error ? cause.stack : String(cause),
      }),
  }
}
