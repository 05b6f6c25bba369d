import { Fault } from '../contract/faults.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

type Value = string | number | boolean | null | undefined

/** The names of a log entry's own fields, which a fact must not replace. */
const reserved = ['timestamp', 'level', 'message', 'cause'] as const
type Reserved = (typeof reserved)[number]

/** Facts beside the sentence: ids, sizes and codes, never bodies or secrets. */
export type LogFields = Readonly<Record<string, Value>> & { readonly [Name in Reserved]?: never }

export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, cause: unknown, fields?: LogFields) => void
}

/**
 * One JSON object per line on stderr; stdout stays free for output. `mask` removes secrets.
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
  mask: (text: string) => string = (text) => text,
): Log {
  const threshold = logLevels.indexOf(level)

  function line(at: LogLevel, message: string, fields: LogFields = {}, cause?: string): void {
    if (logLevels.indexOf(at) < threshold) return
    const entry = {
      timestamp: new Date().toISOString(),
      level: at,
      message,
      ...beside(fields),
      cause,
    }
    try {
      write(`${mask(JSON.stringify(entry))}\n`)
    } catch {
      // A log that cannot be written (full disk, closed pipe) stops nothing else.
    }
  }

  return {
    debug: (message, fields) => line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, cause, fields) => line('error', message, fields, causeOf(cause)),
  }
}

/** The type forbids reserved names. A value that evades it gets another name. */
function beside(fields: LogFields): Record<string, Value> {
  const names: readonly string[] = reserved
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      names.includes(name) ? `${name}_field` : name,
      value,
    ]),
  )
}

/** A refusal explains itself; only an internal error needs its stack. */
function causeOf(cause: unknown): string {
  if (cause instanceof Fault && cause.code !== 'internal') return `${cause.code}: ${cause.message}`
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
