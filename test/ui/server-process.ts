import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { failuresIn } from '../server-log.ts'

export type ServerProcess = {
  readonly url: string
  readonly smtpPort: number
  readonly adminKey: string
  /** Warnings and errors logged since the last call. */
  readonly failures: () => readonly string[]
  readonly stop: (options?: { readonly keepsFolder: boolean }) => Promise<void>
}

const headless = resolve(import.meta.dirname, '../../out/main/headless.js')
const adminKey = 'ui-tests-admin-key-0123456789'

/** Starts the built headless server in a new folder, on free ports. */
export async function startServerProcess(
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  if (!existsSync(headless)) throw new Error('out/main/headless.js is missing: run `npm run build`')
  const folder = environment.MAILSAGE_DATA ?? (await mkdtemp(join(tmpdir(), 'mailsage-ui-')))
  const child = spawn(process.execPath, [headless], {
    env: {
      ...process.env,
      MAILSAGE_DATA: folder,
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
      API_KEY: adminKey,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  child.stdout.on('data', (chunk) => output.push(String(chunk)))
  child.stderr.on('data', (chunk) => output.push(String(chunk)))
  const { url, smtpPort } = await whenReady(child, join(folder, 'server.json'), output).catch(
    (cause: unknown) => {
      child.kill('SIGKILL')
      throw cause
    },
  )
  let reported = 0
  const failures = (): readonly string[] => {
    const fresh = failuresIn(output.join('')).slice(reported)
    reported += fresh.length
    return fresh
  }
  return {
    url,
    smtpPort,
    adminKey,
    failures,
    stop: async ({ keepsFolder } = { keepsFolder: false }) => {
      const ended = new Promise((done) => child.once('close', done))
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(patience)
      if (!keepsFolder) await rm(folder, { recursive: true, force: true })
      const logged = failures()
      if (logged.length > 0) throw new Error(`The server logged: ${logged.join('\n')}`)
    },
  }
}

type RuntimeFile = { url: string; smtpPort: number }

async function whenReady(
  child: ChildProcess,
  file: string,
  output: readonly string[],
): Promise<RuntimeFile> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`The server exited: ${output.join('')}`)
    const found = await readFile(file, 'utf8').then(parseRuntimeFile, () => null)
    if (found) return found
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`The server did not start: ${output.join('')}`)
}

/** Null while the file is still being written. */
function parseRuntimeFile(text: string): RuntimeFile | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
