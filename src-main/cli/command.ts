import type { ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import type { Remote } from './api-client.ts'
import type { Terminal } from './terminal.ts'

export type Option = ParseArgsOptionDescriptor & {
  readonly help: string
  /** The placeholder of the value in the help; a switch has none. */
  readonly value?: string
}
export type Options = Readonly<Record<string, Option>>

/** The parsed command line of one run. */
export type Example = readonly [line: string, meaning: string]

export type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values']

export type Input<O extends Options> = {
  readonly values: Values<O>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  readonly env: NodeJS.ProcessEnv
  /** The running server, looked up at the first call. */
  readonly remote: () => Remote
}

export type Command<O extends Options = Options> = {
  readonly summary: string
  /** Arguments after the name, such as `ID`. */
  readonly takes?: string
  readonly options: O
  readonly examples: readonly Example[]
  readonly run: (input: Input<O>) => Promise<void>
}

/** A command that parses its own arguments: `serve`, and `sendmail` as a drop-in. */
export type RawCommand = Omit<Command, 'run'> & {
  readonly runRaw: (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>
}

/** A command of any shape; only `run.ts` calls it, with its own parsed options. */
// biome-ignore lint/suspicious/noExplicitAny: commands of different options have no other common type
export type AnyCommand = Command<any> | RawCommand

/** One entry of the table; the options determine the types that `run` gets. */
export function command<const O extends Options>(entry: Command<O>): Command<O> {
  return entry
}
