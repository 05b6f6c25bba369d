import type { AnyCommand, Option, Options } from './command.ts'
import { flagOf } from './flag.ts'
import { globalOptions } from './global-options.ts'

export const shells = ['bash', 'zsh', 'fish'] as const

/** The possible next words by the words before them: `keys` after nothing, `create` after `keys`. */
export type Completions = ReadonlyMap<
  string,
  {
    /** Each word with its description. */
    readonly words: ReadonlyMap<string, string>
    /** By their flags, such as `--url`. */
    readonly options: ReadonlyMap<string, Option>
  }
>

export function completions(commands: Readonly<Record<string, AnyCommand>>): Completions {
  const names = Object.entries(commands)
  const wordsAfter = (before: string) =>
    new Map(
      names.flatMap(([name, { summary }]) => {
        if (before !== '' && !name.startsWith(`${before} `)) return []
        const [word = '', more] = name.slice(before === '' ? 0 : before.length + 1).split(' ')
        return [[word, more === undefined ? summary : `Commands of ${word}`]]
      }),
    )
  const groups = names.flatMap(([name]) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : []))
  return new Map([
    ...['', ...new Set(groups)].map(
      (before) => [before, { words: wordsAfter(before), options: flags(globalOptions) }] as const,
    ),
    ...names.map(
      ([name, entry]) => [name, { words: argumentsOf(name), options: optionsOf(entry) }] as const,
    ),
  ])
}

const argumentsOf = (name: string): Map<string, string> =>
  new Map(name === 'completion' ? shells.map((shell) => [shell, `Script for ${shell}`]) : [])

function optionsOf(entry: AnyCommand): Map<string, Option> {
  const { options } = entry as { readonly options: Options }
  return flags('runRaw' in entry ? options : { ...options, ...globalOptions })
}

const flags = (options: Options): Map<string, Option> =>
  new Map(Object.entries(options).map(([name, option]) => [flagOf(name), option]))
