import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { startTestServer } from '../test-server.ts'
import { runNode, runTool } from './run-tool.ts'

const root = join(import.meta.dirname, '../..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }),
]

const testServer = await startTestServer()
const sink = await startSink()
const folder = mkdtempSync(join(tmpdir(), 'mailsage-commands-'))
afterAll(async () => {
  await sink.close()
  rmSync(folder, { recursive: true, force: true })
})

type Way =
  /** The command runs here and ends with 0; `prepare` makes what it needs. */
  | { readonly type: 'ends'; readonly prepare?: () => Promise<unknown>; readonly sends?: string }
  /** The command runs here until it prints this, and is then ended. */
  | { readonly type: 'prints'; readonly text: RegExp }
  /** This file of the project runs it, as its text shows. */
  | { readonly type: 'elsewhere'; readonly file: string; readonly text: string }

const ends: Way = { type: 'ends' }
const prints = (text: RegExp): Way => ({ type: 'prints', text })
const elsewhere = (file: string, text: string): Way => ({ type: 'elsewhere', file, text })
const starts = prints(/Inbox and API +http/)
const hello = {
  from: 'app@example.com',
  to: 'ann@example.com',
  subject: 'Hello',
  text: 'It works.',
}
const sendHello = async () => testServer.reply('POST /v1/send', { key: testKey, body: hello })
const { key: testKey } = await testServer.makeKey({ permissions: ['send', 'inbox:read'] })

/** A way to run each command of README and docs/; a new command fails until it has a line here. */
const ways: Readonly<Record<string, Way>> = {
  'npm ci': elsewhere('.ci/run', 'npm ci'),
  'npm ci && npm start': elsewhere('.ci/run', 'npm ci'),
  'npm start': starts,
  'npm test': elsewhere('.ci/run', 'npm test'),
  'npm run format': elsewhere('scripts/suites.ts', "'lint'"),
  'export PATH=$PWD/node_modules/.bin:$PATH': ends,
  'npm run headless -- --http-port 8025': starts,
  'npx vite src-renderer': prints(/Local: +http/),
  'node --watch src-main/headless.ts': starts,
  "npx vitest run test/http/key-states.test.ts -t 'revoked key'": ends,
  'npm run build && npx playwright test -c test/ui/playwright.config.ts test/ui/keys.spec.ts':
    elsewhere('scripts/suites.ts', "playwright(root, 'ui'"),
  'mailsage keys create "Shop staging"': ends,
  'mailsage keys create CI --permission send --permission inbox:read': ends,
  'mailsage keys create -n live --mode live --permission send --permission logs:read': ends,
  'sudo ln -s "$(command -v mailsage)" /usr/sbin/sendmail': elsewhere(
    'test/cli/sendmail.test.ts',
    'symlinkSync(program, link)',
  ),
  'mailsage send --to ann@example.com --subject Hello --text "It works."': {
    type: 'ends',
    sends: 'Hello',
  },
  'mailsage inbox wait --to ann@example.com': { type: 'ends', prepare: sendHello },
  'mailsage relays test': {
    type: 'ends',
    prepare: async () => {
      // A request of the documentation made a relay at example.com.
      for (const { id } of (await testServer.reply('GET /v1/relays')).data) {
        await testServer.reply('DELETE /v1/relays/{id}', { params: { id } })
      }
      const body = { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' } as const
      await testServer.reply('POST /v1/relays', { body })
    },
  },
  'mailsage backup monday.db': ends,
  'mailsage sendmail -t < message.eml': {
    type: 'ends',
    prepare: async () =>
      writeFileSync(join(folder, 'message.eml'), 'To: ann@example.com\nSubject: Cron\n\nIt ran.\n'),
    sends: 'Cron',
  },
  'mailsage completion bash': ends,
  'npm run pack': elsewhere('test/package/npm.ts', 'scripts/pack.ts'),
  'npx ./dist/mailsage-0.1.0.tgz': elsewhere('test/package/package.test.ts', "npmCommand('exec'"),
  'npm install --global ./dist/mailsage-0.1.0.tgz': elsewhere(
    'test/package/package.test.ts',
    "'--global'",
  ),
  'docker build -t mailsage .': elsewhere('test/package/dockerfile.test.ts', 'RUN'),
  'docker run -p 127.0.0.1:8025:8025 -p 127.0.0.1:1025:1025 -v mailsage:/data mailsage': elsewhere(
    'test/package/dockerfile.test.ts',
    'CMD',
  ),
}

type Block = { readonly page: string; readonly language: string; readonly code: string }

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', code = '']) => ({ page, language, code }),
  ),
)
const shellBlocks = blocks.filter(({ language }) => language === 'sh')
const isSettings = ({ code }: Block): boolean => /^(\w+=\S+.*\n)+$/.test(code)

/** The commands of a block without their comments, each on one line. */
function commandsOf({ code }: Block): string[] {
  return code
    .replace(/ +# .*$/gm, '')
    .replace(/\\\n\s*/g, '')
    .replace(/\|\n\s*/g, '| ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

const commands = [...new Set(shellBlocks.filter((one) => !isSettings(one)).flatMap(commandsOf))]
const isRequest = (command: string): boolean => /^(curl|printf) /.test(command)

it('Every block of README and docs names its language, and no terminal block is empty', () => {
  const known = ['sh', 'js', 'handlebars', 'jinja', 'http', '']
  expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([])
  expect(commands.length).toBeGreaterThan(20)
})

it('Every command of README and docs has a way to run it, and no way is left over', () => {
  const named = commands.filter((command) => !isRequest(command))
  expect(named.sort()).toEqual(Object.keys(ways).sort())
})

it.each(commands.filter(isRequest))(
  'The request %j of the documentation is accepted, and its mail captured',
  async (command) => {
    await testServer.reply('DELETE /v1/inbox')
    const script = here(command).replace(/^curl /, 'curl --fail-with-body ')
    const { code, output, errors } = await runTool('bash', ['-c', script], { env: environment() })
    expect(code, `${output}${errors}`).toBe(0)
    const isSend = /\/send|smtp:/.test(command)
    expect(await subjects()).toEqual(isSend ? ['Hello'] : [])
  },
)

it.each(Object.entries(ways))(
  'The command %j of the documentation works',
  { timeout: 120_000 },
  async (command, way) => {
    if (way.type === 'elsewhere') {
      expect(readFileSync(join(root, way.file), 'utf8')).toContain(way.text)
      return
    }
    if (way.type === 'prints') {
      await untilPrinted(command, way.text)
      return
    }
    await way.prepare?.()
    const { code, output, errors } = await runTool('bash', ['-c', inFolder(command)], {
      env: environment(),
    })
    expect(code, `${output}${errors}`).toBe(0)
    if (way.sends !== undefined) expect(await subjects()).toContain(way.sends)
  },
)

it('The JavaScript of the README sends a message that is captured', async () => {
  await testServer.reply('DELETE /v1/inbox')
  const [block] = blocks.filter(({ page, language }) => page === 'README.md' && language === 'js')
  const { code, errors } = await runNode(here(block?.code ?? ''), {})
  expect(code, errors).toBe(0)
  expect(await subjects()).toEqual(['Hello'])
})

it('The environment of the README signs an app in to the inbox that its user names', async () => {
  const settings = shellBlocks.find(isSettings)
  const app = `import os, smtplib
with smtplib.SMTP(os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT'])) as client:
    client.login(os.environ['SMTP_USER'], os.environ['SMTP_PASS'])
    client.sendmail('app@example.com', ['ann@example.com'], 'Subject: From an app\\n\\nx')`
  const script = `set -a\n${here(settings?.code ?? '')}\npython3 -c "$APP"`
  const { code, errors } = await runTool('bash', ['-c', script], { env: { APP: app } })
  expect(code, errors).toBe(0)
  const { data } = await testServer.reply('GET /v1/inbox', { query: { inbox: 'checkout-tests' } })
  expect(data.map(({ subject }) => subject)).toEqual(['From an app'])
})

async function subjects() {
  const { data } = await testServer.reply('GET /v1/inbox')
  return data.map(({ subject }) => subject)
}

/** The same text with the ports of this server. */
const here = (text: string): string =>
  text
    .replaceAll('http://127.0.0.1:8025', testServer.url)
    .replaceAll('127.0.0.1:1025', `127.0.0.1:${testServer.server.smtpPort}`)
    .replaceAll(/(port: |SMTP_PORT=)1025/g, `$1${testServer.server.smtpPort}`)

const environment = () => ({
  MAILSAGE_API_KEY: testKey,
  ADMIN_KEY: testServer.server.consoleKey,
  HOME: testServer.folder,
  MAILSAGE_DATA: testServer.folder,
})

/** Files of a command of MailSage are in a separate folder; other commands run in the project. */
function inFolder(command: string): string {
  if (!command.startsWith('mailsage ')) return `cd ${root} && ${command}`
  // These act for the owner of this machine, who has the key of the running server.
  const owner = /^mailsage (keys|relays|backup)/.test(command) ? 'unset MAILSAGE_API_KEY; ' : ''
  const program = `mailsage() { ${process.execPath} ${join(root, 'out/main/mailsage.js')} "$@"; }`
  return `cd ${folder} && ${owner}${program} && ${command}`
}

/** Runs a server on free ports until it prints this; a page of the window has a port of its own. */
async function untilPrinted(command: string, wanted: RegExp): Promise<void> {
  const child = spawn('bash', ['-c', `exec ${command.replace(' 8025', ' 0')}`], {
    cwd: root,
    detached: true,
    env: {
      ...process.env,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      NO_COLOR: '1',
      MAILSAGE_DATA: mkdtempSync(join(folder, 'data-')),
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
    },
  })
  let printed = ''
  const isPrinted = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      if (wanted.test(printed)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => reject(new Error(`${command} ended early:\n${printed}`)))
  })
  const closed = once(child, 'close')
  try {
    await isPrinted
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  await closed
}
