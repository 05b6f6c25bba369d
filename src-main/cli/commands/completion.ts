import { type AnyCommand, command } from '../command.ts'
import { globalOptions } from '../global-options.ts'
import { usage } from '../refusal.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** A function, since the command is itself one of the commands. */
export const createCompletion = (commands: () => Readonly<Record<string, AnyCommand>>) =>
  command({
    summary: 'Print a completion script for a shell',
    takes: 'bash|zsh|fish',
    options: {},
    examples: [
      ['source <(mailsage completion bash)', 'in ~/.bashrc'],
      ['source <(mailsage completion zsh)', 'in ~/.zshrc, after compinit'],
      ['mailsage completion fish > ~/.config/fish/completions/mailsage.fish', 'once'],
    ],
    async run({ positionals, terminal }) {
      const shell = shells.find((known) => known === positionals[0])
      if (!shell) throw usage('Name a shell: bash, zsh or fish.')
      const words = wordsAfter(commands())
      const script = shell === 'fish' ? fish(words) : bash(words)
      terminal.print(
        shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${script}` : script,
      )
    },
  })

/** Completions by prefix: `` has `keys`, `keys` has `create`. */
function wordsAfter(commands: Readonly<Record<string, AnyCommand>>): Map<string, string[]> {
  const words = new Map<string, string[]>()
  const add = (before: string, word: string): void => {
    const known = words.get(before) ?? []
    if (!known.includes(word)) words.set(before, [...known, word])
  }
  for (const [name, { options }] of Object.entries(commands)) {
    const [first = '', second] = name.split(' ')
    add('', first)
    if (second) add(first, second)
    for (const option of Object.keys({ ...options, ...globalOptions })) {
      add(name, option.length === 1 ? `-${option}` : `--${option}`)
    }
  }
  for (const shell of shells) add('completion', shell)
  return words
}

function bash(words: ReadonlyMap<string, readonly string[]>): string {
  const cases = [...words].map(
    ([before, after]) => `    '${before}') words='${after.join(' ')}' ;;`,
  )
  return `_mailsage() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before='' words='' at
  for ((at = 1; at < COMP_CWORD && at < 3; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    case "\${before:+$before }\${COMP_WORDS[at]}" in
${[...words.keys()]
  .filter(Boolean)
  .map((before) => `      '${before}') ;;`)
  .join('\n')}
      *) break ;;
    esac
    before="\${before:+$before }\${COMP_WORDS[at]}"
  done
  case "$before" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _mailsage mailsage`
}

function fish(words: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...words].flatMap(([before, after]) => {
    const depth = before === '' ? 0 : before.split(' ').length
    const seen = before.split(' ').filter(Boolean)
    const condition =
      depth === 0
        ? '__fish_use_subcommand'
        : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    return after.map((word) =>
      word.startsWith('--')
        ? `complete -c mailsage -n '${condition}' -l ${word.slice(2)}`
        : word.startsWith('-')
          ? `complete -c mailsage -n '${condition}' -o ${word.slice(1)}`
          : `complete -c mailsage -f -n '${condition}' -a ${word}`,
    )
  })
  return lines.join('\n')
}
