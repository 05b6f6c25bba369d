import { parseArgs } from 'node:util'
import { argumentProblem } from '../base/argument-problem.ts'
import { version } from '../version.ts'
import { createRemote } from './api-client.ts'
import type { AnyCommand, Command } from './command.ts'
import { commands } from './commands.ts'
import { globalOptions } from './global-options.ts'
import { describeCommand, listCommands } from './help.ts'
import { exitCodes, Refusal, usage } from './refusal.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** Runs one command line and returns its exit code. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const terminal = createTerminal(args.includes('--json'))
  try {
    return await choose(args, env, terminal)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    report(error, terminal)
    return error.exitCode
  }
}

async function choose(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  const [first = '--help', second = ''] = args
  if (first === '--version' || first === '-V') return tell(terminal, version)
  if (first === '--help' || first === '-h' || first === 'help') {
    const topic = args.slice(1).join(' ')
    return tell(terminal, topic in commands ? help(topic, terminal) : listCommands(terminal))
  }
  const name = [`${first} ${second}`, first].find((candidate) => Object.hasOwn(commands, candidate))
  const entry = name === undefined ? undefined : commands[name]
  if (name === undefined || !entry) return helpOrRefuse(first, second, terminal)
  const rest = args.slice(name.split(' ').length)
  if (rest.includes('--help') || (rest.includes('-h') && !('runRaw' in entry))) {
    return tell(terminal, help(name, terminal))
  }
  return 'runRaw' in entry ? entry.runRaw(rest, env) : execute(name, entry, rest, env, terminal)
}

const tell = (terminal: Terminal, text: string): number => {
  terminal.print(text)
  return exitCodes.ok
}

const help = (name: string, terminal: Terminal): string =>
  describeCommand(name, commands[name] as AnyCommand, terminal)

function helpOrRefuse(first: string, second: string, terminal: Terminal): number {
  const group = Object.keys(commands).filter((name) => name.startsWith(`${first} `))
  if (group.length === 0) {
    throw usage(`There is no command “${first}”. “mailsage --help” lists all commands.`)
  }
  if (second === '--help' || second === '-h') return tell(terminal, listCommands(terminal, first))
  const choices = group.map((name) => `mailsage ${name}`).join(', ')
  throw usage(
    second === ''
      ? `Choose one of: ${choices}.`
      : `There is no command “${first} ${second}”. Choose one of: ${choices}.`,
  )
}

async function execute(
  name: string,
  entry: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  const { values, positionals } = parsed(name, entry, args)
  const { url, key } = values as { readonly url?: string; readonly key?: string }
  const remote = () => createRemote({ url, key }, env)
  await entry.run({ values, positionals, terminal, env, remote })
  return exitCodes.ok
}

function parsed(name: string, entry: Command, args: readonly string[]) {
  try {
    const options = { ...entry.options, ...globalOptions }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (entry.takes === undefined && positionals.length > 0 && name !== 'keys create') {
      throw usage(`“${positionals[0]}” is one argument too many. See “mailsage ${name} --help”.`)
    }
    return { values, positionals }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw usage(`${argumentProblem(error)} See “mailsage ${name} --help”.`)
  }
}

function report({ message, code, details }: Refusal, terminal: Terminal): void {
  const { stderr } = process
  if (terminal.json) {
    const error = { code, message, ...(details === undefined ? {} : { details }) }
    stderr.write(`${JSON.stringify({ error })}\n`)
    return
  }
  stderr.write(`${terminal.paint('red', 'mailsage:', stderr)} ${message}\n`)
}
