import type { AnyCommand } from './command.ts'
import { globalOptions } from './global-options.ts'

export type CommandWords = {
  /** At most two words, such as `keys list`. */
  readonly words: readonly string[]
  /** Global options before and between the words. */
  readonly globals: readonly string[]
  /** Everything after the last word. */
  readonly rest: readonly string[]
}

/** Finds the command of a command line whose global options may come before it. */
export function readWords(
  args: readonly string[],
  commands: Readonly<Record<string, AnyCommand>>,
): CommandWords {
  const words: string[] = []
  const globals: string[] = []
  let at = 0
  while (at < args.length) {
    const size = globalOptionSize(args[at] ?? '')
    if (size > 0) {
      globals.push(...args.slice(at, at + size))
      at += size
      continue
    }
    const word = args[at] ?? ''
    if (word.startsWith('-') || Object.hasOwn(commands, words.join(' '))) break
    if (words.length === 2) break
    words.push(word)
    at += 1
  }
  return { words, globals, rest: args.slice(at) }
}

/** The number of arguments that a global option takes up; 0 for any other argument. */
function globalOptionSize(argument: string): number {
  const [name = ''] = argument.split('=', 1)
  for (const [long, option] of Object.entries(globalOptions)) {
    const short = 'short' in option ? `-${option.short}` : null
    if (name !== `--${long}` && name !== short) continue
    return option.type === 'string' && !argument.includes('=') ? 2 : 1
  }
  return 0
}
