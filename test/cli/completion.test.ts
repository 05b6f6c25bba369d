import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from '../../src-main/cli/commands.ts'
import { commandLine } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-completion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { run } = commandLine(folder)

const scripts = new Map<string, string>()
for (const shell of ['bash', 'zsh', 'fish']) {
  const file = join(folder, `completion.${shell}`)
  writeFileSync(file, (await run(['completion', shell])).stdout)
  scripts.set(shell, file)
}

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((place) => existsSync(join(place, program)))

/** The words that the completion of a shell offers after `line`. */
const offered = {
  bash(line: string) {
    const words = line.split(' ')
    const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=${words.length - 1}; _mailsage; printf '%s\\n' "\${COMPREPLY[@]}"`
    return output('bash', ['-c', script, scripts.get('bash') ?? '', ...words])
  },
  fish(line: string) {
    return output('fish', ['-c', `source ${scripts.get('fish')}; complete -C '${line}'`]).map(
      (text) => text.split('\t')[0] ?? '',
    )
  },
}

function output(program: string, args: readonly string[]): string[] {
  const ended = spawnSync(program, args, { encoding: 'utf8', cwd: folder, env: environment() })
  expect(ended.stderr).toBe('')
  return ended.stdout.trim().split('\n')
}

const environment = () => ({ PATH: process.env.PATH, HOME: folder, TERM: 'dumb', PS1: 'ready> ' })

const setups: Readonly<Record<string, { readonly start: string; readonly file: string }>> = {
  bash: { start: 'bash --norc --noprofile -i', file: 'rc.bash' },
  zsh: { start: 'zsh -f -i', file: 'rc.zsh' },
  fish: { start: 'fish --no-config -i', file: 'rc.fish' },
}

/** The arguments that `mailsage` gets when `typed`, with its tabs, is entered at the prompt of a shell. */
async function typedAt(shell: string, typed: string): Promise<string> {
  const { start, file } = setups[shell] ?? { start: '', file: '' }
  const answer = join(folder, `answer.${shell}`)
  rmSync(answer, { force: true })
  mkdirSync(join(folder, 'bin'), { recursive: true })
  // A program of the same name records its arguments.
  writeFileSync(join(folder, 'bin/mailsage'), `#!/bin/sh\nprintf '<%s>' "$@" > '${answer}'\n`, {
    mode: 0o755,
  })
  writeFileSync(join(folder, file), `source ${scripts.get(shell)}\n`)
  const env = { ...environment(), PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
  const child = spawn('script', ['-qec', start, '/dev/null'], { cwd: folder, env })
  const steps = [`source ./${file}; echo in''stalled\r`, `${typed}\r`, 'exit\r']
  const marks = [/[>$%#] /, /installed/, /$/]
  let seen = ''
  child.stdout.on('data', (text: Buffer) => {
    seen += text.toString()
    if (steps.length === 1 && !existsSync(answer)) return
    const [mark] = marks
    if (!mark?.test(seen)) return
    seen = ''
    marks.shift()
    child.stdin.write(steps.shift() ?? '')
  })
  await new Promise((resolve) => child.once('close', resolve))
  return readFileSync(answer, 'utf8')
}

describe.each(['bash', 'fish'] as const)('The completion of %s', (shell) => {
  it.skipIf(!isInstalled(shell))('The shell offers commands, subcommands and options', () => {
    const offers = (line: string) => offered[shell](line).sort()
    const first = [...new Set(Object.keys(commands).map((name) => name.split(' ')[0]))]
    expect(offers('mailsage ')).toEqual([...first].sort())
    expect(offers('mailsage ke')).toEqual(['keys'])
    expect(offers('mailsage keys r')).toEqual(['revoke', 'rotate'])
    expect(offers('mailsage --json keys r')).toEqual(['revoke', 'rotate'])
    expect(offers('mailsage inbox wait --t')).toEqual(['--timeout', '--to'])
    expect(offers('mailsage inbox wait --to ann@example.com --ti')).toEqual(['--timeout'])
    expect(offers('mailsage send --l')).toEqual(['--live'])
    expect(offers('mailsage serve --u')).toEqual([''])
    expect(offers('mailsage completion z')).toEqual(['zsh'])
  })
})

describe.each(Object.keys(setups))('At the prompt of %s', (shell) => {
  if (!isInstalled(shell))
    console.warn(`NOT RUN: ${shell} is missing. To run: sudo apt-get install ${shell}`)
  it.skipIf(!isInstalled(shell))('Tabs complete a command and its option', async () => {
    expect(await typedAt(shell, 'mailsage ke\tro\tkey_1 --gr\t60')).toBe(
      '<keys><rotate><key_1><--grace><60>',
    )
  })
})

it('The command refuses a shell other than bash, zsh and fish', async () => {
  expect((await run(['completion', 'tcsh'])).code).toBe(2)
})
