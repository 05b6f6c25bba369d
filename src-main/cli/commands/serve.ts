import { outliveOutput } from '../../base/output.ts'
import { endProcess } from '../../base/threads-left.ts'
import type { RunningServer } from '../../server.ts'
import type { RawCommand } from '../command.ts'
import { keyVariable } from '../environment-key.ts'
import { exitCodes } from '../refusal.ts'
import { settingOptions } from '../setting-options.ts'
import { heldWords } from './outbox-restored.ts'

const oldestNode = [22, 14] as const

export const serveCommand: RawCommand = {
  summary: 'Run the server until Ctrl+C; mailsage without a command does the same',
  takes: '[--SETTING VALUE…]',
  options: {
    ...settingOptions,
    json: { type: 'boolean', help: 'Print the addresses and first keys as JSON' },
  },
  examples: [
    ['mailsage serve', 'inbox and API at http://127.0.0.1:8025'],
    ['mailsage serve --http-port 0 --smtp-port 0 --json', 'free ports, printed as JSON'],
    [
      'MAILSAGE_DATA=/srv/mail mailsage serve',
      'each flag has a variable: see /docs/settings of the server',
    ],
  ],
  async runRaw(args) {
    const json = args.includes('--json')
    try {
      await serve(
        args.filter((arg) => arg !== '--json'),
        json,
      )
      return exitCodes.ok
    } catch (error) {
      explain(error)
      const { reason } = error as { readonly reason?: string }
      return reason === 'invalid-setting' ? exitCodes.usage : exitCodes.refused
    }
  },
}

/** Starts the server in this process; resolves when it runs. */
export async function serve(args: readonly string[], json = false): Promise<void> {
  if (isNodeTooOld()) {
    throw refusal(
      `MailSage needs Node ${oldestNode.join('.')} or newer, and this is Node ${process.versions.node}. Update Node, or run the package with a newer one: npx -p node@24 -p FILE mailsage, where FILE is the path of the package. In a clone, \`npm start\` brings its own Node.`,
    )
  }
  outliveOutput()
  // After the check: on an older Node the database driver ends the process without a message.
  const { readConfig } = await import('../../config.ts')
  const config = readConfig(process.env, args)
  const { startServer } = await import('../../server.ts')
  const starting = startServer(config)
  // Before the runtime file exists: others may send a signal as soon as they see it.
  closeOnSignal(starting)
  const server = await starting
  console.log(json ? facts(server) : greeting(server, config.dataFolder))
}

/** A refusal is a sentence for the user; any other error is printed with its stack. */
export function explain(error: unknown): void {
  const isRefusal = error instanceof Error && error.name === 'StartRefused'
  console.error(isRefusal ? error.message : error)
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { name: 'StartRefused' })
}

function facts({
  url,
  host,
  httpPort,
  smtpPort,
  smtpsPort,
  firstKeys,
  version,
}: RunningServer): string {
  return JSON.stringify({
    url,
    host,
    http_port: httpPort,
    smtp_port: smtpPort,
    smtps_port: smtpsPort,
    first_keys: firstKeys,
    version,
  })
}

function greeting(server: RunningServer, dataFolder: string): string {
  const { firstKeys, smtpPort, smtpsPort, url, version } = server
  // 0.0.0.0 is not an address to connect to.
  const host = new URL(url).hostname
  const sendingKey = firstKeys?.test ?? firstKeys?.admin ?? 'YOUR_KEY'
  return [
    '',
    `MailSage ${version} is running`,
    '',
    `  Inbox and API  ${url}`,
    `  API docs       ${url}/docs`,
    `  SMTP           ${host}:${smtpPort}`,
    ...(smtpsPort === null ? [] : [`  SMTP over TLS  ${host}:${smtpsPort}`]),
    `  Data           ${dataFolder}`,
    '',
    ...(firstKeys ? keyLines(firstKeys) : []),
    '  For your app:',
    `  MAILSAGE_URL=${url}`,
    `  ${keyVariable}=${sendingKey}`,
    `  SMTP_HOST=${host}`,
    `  SMTP_PORT=${smtpPort}`,
    '  SMTP_USER=mailsage',
    `  SMTP_PASS=${sendingKey}`,
    '',
    ...restoredLines(server),
    '  Ctrl+C stops the server.',
    '',
  ].join('\n')
}

function keyLines({ admin, test }: NonNullable<RunningServer['firstKeys']>): string[] {
  return [
    '  Your first keys, shown this once:',
    ...(admin ? [`  admin  ${admin}   signs in to the window, full access`] : []),
    ...(test ? [`  test   ${test}   sends into the inbox, never further`] : []),
    '',
  ]
}

function restoredLines({ domain }: RunningServer): string[] {
  const restored = domain.restoredQueue.state()
  if (!restored) return []
  const { lost_messages: lost, kept_file: kept } = restored
  const words = kept === null ? '' : ` The replaced database is kept as ${kept}.`
  const held = heldWords(restored.held)
  const isEmpty = held === 'nothing'
  return [
    `  A backup was restored; ${lost ?? 'an unknown number of'} later messages are not in it.${words}`,
    ...(isEmpty
      ? []
      : [
          `  Its queue waits: ${held}. Release or cancel it with “mailsage outbox release-restored”`,
          '  or “mailsage outbox cancel-restored”.',
        ]),
    '',
  ]
}

/** A signal during the start closes the server as soon as it runs. */
function closeOnSignal(starting: Promise<RunningServer>): void {
  let isClosing = false
  const close = (signal: NodeJS.Signals) => {
    if (isClosing) {
      // A second signal ends the process at once.
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
      return
    }
    isClosing = true
    starting.then(async (server) => {
      try {
        await server.close()
        endProcess(0)
      } catch (error) {
        console.error(error)
        endProcess(1)
      }
    }, ignored)
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}

/** The caller of `startServer` explains a failed start. */
const ignored = (): void => undefined

function isNodeTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldestNode
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}
