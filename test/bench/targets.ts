import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

export type Target = {
  readonly name: string
  readonly smtpPort: number | null
  readonly httpPort: number | null
  readonly key: string | null
  readonly close: () => Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const startWithinMs = 30_000

export async function startCeiling(kind: 'smtp' | 'http'): Promise<Target> {
  const child = start([join(import.meta.dirname, `ceiling-${kind}.ts`)])
  const ports = JSON.parse(await firstLine(child)) as { smtpPort?: number; httpPort?: number }
  return {
    name: 'ceiling',
    smtpPort: ports.smtpPort ?? null,
    httpPort: ports.httpPort ?? null,
    key: null,
    close: () => stop(child),
  }
}

/** The built server in an empty data folder, with an unlimited test key. */
export async function startMailsage(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-bench-'))
  const env = { MAILSAGE_DATA: folder, MAILSAGE_HTTP_PORT: '0', MAILSAGE_SMTP_PORT: '0' }
  const child = start([join(root, 'out/main/headless.js')], env)
  const file = join(folder, 'server.json')
  await until(() => existsSync(file))
  const relay = JSON.parse(readFileSync(file, 'utf8')) as {
    url: string
    smtpPort: number
    consoleKey: string
  }
  const response = await fetch(`${relay.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${relay.consoleKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Bench',
      mode: 'test',
      permissions: ['send'],
      rate_limit: { requests_per_minute: 1_000_000 },
    }),
  })
  const { key } = (await response.json()) as { key: string }
  return {
    name: 'MailSage',
    smtpPort: relay.smtpPort,
    httpPort: Number(new URL(relay.url).port),
    key,
    async close() {
      await stop(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const maildev = { version: '3.0.0', mailparser: '3.9.31' }

/** The peer is installed on demand in a cache folder; it is not part of the project. */
export async function startMaildev(): Promise<Target> {
  const folder = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    'mailsage',
    `maildev-${maildev.version}`,
  )
  const entry = join(folder, 'node_modules/maildev')
  if (!existsSync(entry)) await installMaildev(folder)
  const { bin } = JSON.parse(readFileSync(join(entry, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const script = join(entry, typeof bin === 'string' ? bin : (bin.maildev ?? ''))
  const [smtpPort, webPort] = [await freePort(), await freePort()]
  const child = start([script, '--smtp', `${smtpPort}`, '--web', `${webPort}`, '--ip', '127.0.0.1'])
  await until(() => isListening(smtpPort))
  return {
    name: `MailDev ${maildev.version}`,
    smtpPort,
    httpPort: null,
    key: null,
    close: () => stop(child),
  }
}

async function installMaildev(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const file = {
    private: true,
    dependencies: { maildev: maildev.version },
    overrides: { mailparser: maildev.mailparser },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(file))
  const npm = spawn('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const code = await new Promise((resolve) => npm.once('exit', resolve))
  if (code === 0) return
  rmSync(folder, { recursive: true, force: true })
  throw new Error('MailDev could not be installed from the npm registry')
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`A target ended with code ${code}`)))
  })
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + startWithinMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error('A target did not start in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
