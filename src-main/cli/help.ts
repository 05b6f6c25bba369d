import type { AnyCommand, Option, Options } from './command.ts'
import { commands } from './commands.ts'
import { keyVariable } from './environment-key.ts'
import { flagOf } from './flag.ts'
import { globalOptions } from './global-options.ts'
import type { Terminal } from './terminal.ts'

const programOptions = {
  ...globalOptions,
  version: { type: 'boolean', short: 'V', help: 'Print the version' },
} as const

/** All commands, or those that begin with `group`. */
export function listCommands({ paint }: Terminal, group?: string): string {
  const shown = Object.entries(commands).filter(
    ([name]) => group === undefined || name.startsWith(`${group} `),
  )
  const width = Math.max(...shown.map(([name]) => name.length))
  return [
    group === undefined
      ? 'Send, capture and wait for email with a running MailSage server.'
      : `Commands of ${group}.`,
    '',
    `${paint('bold', 'Usage')}  mailsage ${group ?? 'COMMAND'} …`,
    '',
    paint('bold', 'Commands'),
    ...shown.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    ...(group === undefined ? [paint('bold', 'Options'), ...optionLines(programOptions), ''] : []),
    ...(group === undefined ? about(paint) : []),
    `“mailsage ${group ? `${group} ` : ''}COMMAND --help” shows details and examples.`,
  ].join('\n')
}

function about(paint: Terminal['paint']): string[] {
  return [
    paint('bold', 'Server'),
    `  --url and --key, else MAILSAGE_URL and ${keyVariable}, else the server that you run on this`,
    '  machine. It writes its address and key to server.json in its data folder.',
    '',
    paint('bold', 'Exit codes'),
    '  0 done   1 refused   2 wrong usage   3 server not reachable   4 timeout',
    '',
  ]
}

/** The help of one command, with examples. */
export function describeCommand(name: string, entry: AnyCommand, { paint }: Terminal): string {
  const takes = entry.takes === undefined ? '' : ` ${entry.takes}`
  const widest = Math.max(...entry.examples.map(([line]) => line.length))
  const own = optionLines(entry.options as Options)
  return [
    `${entry.summary}.`,
    '',
    `${paint('bold', 'Usage')}  mailsage ${name}${takes}${own.length > 0 ? ' [OPTION…]' : ''}`,
    '',
    ...(own.length > 0 ? [paint('bold', 'Options'), ...own, ''] : []),
    ...('runRaw' in entry
      ? []
      : [paint('bold', 'Common options'), ...optionLines(globalOptions), '']),
    paint('bold', 'Examples'),
    ...entry.examples.map(
      ([line, meaning]) =>
        `  ${line.padEnd(Math.min(widest, 60))}  ${paint('dim', `# ${meaning}`)}`,
    ),
  ].join('\n')
}

function optionLines(options: Options): string[] {
  const rows = Object.entries(options).map(([name, option]) => [flags(name, option), option.help])
  const width = Math.max(0, ...rows.map(([left = '']) => left.length))
  return rows.map(([left = '', help]) => `  ${left.padEnd(width)}  ${help}`)
}

function flags(name: string, { short, value }: Option): string {
  const long = flagOf(name)
  const both = short === undefined ? long : `-${short}, ${long}`
  return value === undefined ? both : `${both} ${value}`
}
