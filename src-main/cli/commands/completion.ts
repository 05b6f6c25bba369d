import { type AnyCommand, command } from '../command.ts'
import { completions, shells } from '../completions.ts'
import { usage } from '../refusal.ts'
import { bashScript, zshScript } from '../shell-scripts/bash.ts'
import { fishScript } from '../shell-scripts/fish.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** A function, since the command is itself one of the commands. */
export const createCompletion = (commands: () => Readonly<Record<string, AnyCommand>>) =>
  command({
    summary: 'Print a completion script for a shell',
    takes: 'bash|zsh|fish',
    options: {},
    examples: [
      ['source <(mailsage completion bash)', 'in ~/.bashrc'],
      ['source <(mailsage completion zsh)', 'in ~/.zshrc'],
      ['mailsage completion fish > ~/.config/fish/completions/mailsage.fish', 'once'],
    ],
    async run({ positionals, terminal }) {
      const shell = shells.find((known) => known === positionals[0])
      if (!shell) throw usage('Name a shell: bash, zsh or fish.')
      terminal.print(scripts[shell](completions(commands())))
    },
  })
