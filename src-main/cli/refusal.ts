/** Exit codes. */
export const exitCodes = {
  ok: 0,
  /** The server refused the request. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  notReachable: 3,
  timeout: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with a sentence for its user and an exit code for scripts. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly exitCode: ExitCode
  readonly code: string
  readonly details: unknown

  constructor(exitCode: ExitCode, code: string, message: string, details?: unknown) {
    super(message)
    this.exitCode = exitCode
    this.code = code
    this.details = details
  }
}

export function usage(message: string): Refusal {
  return new Refusal(exitCodes.usage, 'usage', message)
}
