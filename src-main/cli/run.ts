import { parseArgs } from 'node:util'
import { argumentProblem } from '../base/argument-problem.ts'
import { version } from '../version.ts'
import { createRemote } from './api-client.ts'
import type { Command, RawCommand } from './command.ts'
import { readWords } from './command-words.ts'
import { serveCommand } from './commands/serve.ts'
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
  const { words, globals, rest } = readWords(args, commands)
  const [first = ''] = words
  if (words.length === 0 && (rest[0] === '--version' || rest[0] === '-V')) {
    return tell(terminal, version)
  }
  const isBare = words.length === 0 && !wantsHelp([...globals, ...rest])
  // Without a command the server runs, as in other mail catchers.
  if (isBare) return serveCommand.runRaw([...globals, ...rest], env)
  const topic = first === 'help' ? [...words.slice(1), ...rest] : words
  const isHelp = first === 'help' || words.length === 0 || wantsHelp(globals)
  if (isHelp) return tell(terminal, helpAbout(topic, terminal))
  const name = words.join(' ')
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!entry) throw unknownCommand(words)
  if (rest.includes('--help') || (rest.includes('-h') && !('runRaw' in entry))) {
    return tell(terminal, describeCommand(name, entry, terminal))
  }
  if (!('runRaw' in entry)) return execute(name, entry, [...globals, ...rest], env, terminal)
  refuseOthers(name, entry, globals)
  return entry.runRaw([...globals, ...rest], env)
}

const wantsHelp = (args: readonly string[]): boolean =>
  args.includes('--help') || args.includes('-h')

/** `serve` and `sendmail` have their own options. */
function refuseOthers(name: string, entry: RawCommand, globals: readonly string[]): void {
  const other = globals.find((arg) => arg.startsWith('-') && !(arg.slice(2) in entry.options))
  if (other !== undefined) throw usage(`“mailsage ${name}” takes no ${other.split('=', 1)[0]}.`)
}

const tell = (terminal: Terminal, text: string): number => {
  terminal.print(text)
  return exitCodes.ok
}

/** The help of a command, of a group such as `keys`, or of the program. */
function helpAbout(topic: readonly string[], terminal: Terminal): string {
  if (topic.length === 0) return listCommands(terminal)
  const name = topic.join(' ')
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry) return describeCommand(name, entry, terminal)
  if (topic.length === 1 && groupOf(name).length > 0) return listCommands(terminal, name)
  throw unknownCommand(topic)
}

const groupOf = (first: string): string[] =>
  Object.keys(commands).filter((name) => name.startsWith(`${first} `))

function unknownCommand(words: readonly string[]): Refusal {
  const group = groupOf(words[0] ?? '')
  if (group.length === 0) {
    return usage(`There is no command “${words[0]}”. “mailsage --help” lists all commands.`)
  }
  const choices = `Choose one of: ${group.map((name) => `mailsage ${name}`).join(', ')}.`
  return usage(
    words.length === 1 ? choices : `There is no command “${words.join(' ')}”. ${choices}`,
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
