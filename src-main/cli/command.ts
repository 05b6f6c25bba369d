import type { ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import type { Remote } from './api-client.ts'
import type { Terminal } from './terminal.ts'

export type Option = ParseArgsOptionDescriptor & {
  readonly help: string
  /** What stands for the value in the help; a switch has none. */
  readonly value?: string
}
export type Options = Readonly<Record<string, Option>>

/** A command line and what it does. */
export type Example = readonly [line: string, meaning: string]

export type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values']

export type Input<O extends Options> = {
  readonly values: Values<O>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  readonly env: NodeJS.ProcessEnv
  /** The running relay; found when first asked for. */
  readonly remote: () => Remote
}

export type Command<O extends Options = Options> = {
  readonly summary: string
  /** What stands after the name, such as `ID`. */
  readonly takes?: string
  readonly options: O
  readonly examples: readonly Example[]
  readonly run: (input: Input<O>) => Promise<void>
}

/** Parses its own arguments, as another program's stand-in or as the relay itself does. */
export type RawCommand = Omit<Command, 'run'> & {
  readonly runRaw: (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>
}

/** A command of any shape; only `main` calls it, with what its own options parsed to. */
// biome-ignore lint/suspicious/noExplicitAny: commands of different options have no other common type
export type AnyCommand = Command<any> | RawCommand

/** One entry of the table; infers what `run` gets from the options. */
export function command<const O extends Options>(entry: Command<O>): Command<O> {
  return entry
}
