/** How a command ends, as a script sees it. */
export const exitCodes = {
  ok: 0,
  /** The relay, or a rule, says no. */
  refused: 1,
  /** The command line makes no sense. */
  usage: 2,
  notReachable: 3,
  timeout: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A command ends here, with a sentence for its user and a code for the script around it. */
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
