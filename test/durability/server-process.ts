import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { failuresIn } from '../server-log.ts'

export type ServerProcess = Awaited<ReturnType<typeof startProcess>>

type Announced = {
  readonly url: string
  readonly smtpPort: number
  readonly pid: number
  readonly consoleKey: string
}

const entry = join(import.meta.dirname, '../../src-main/headless.ts')
const slowestStartMs = 15_000
const pollMs = 20

/** The headless server as a separate process; it has started when `server.json` exists. */
export async function startProcess(folder: string, env: NodeJS.ProcessEnv = {}) {
  const child = launch(folder, env)
  const announced = await untilAnnounced(child, folder)
  // Unlike “exit”, “close” comes after all output.
  const ended = once(child.process, 'close') as Promise<[number | null, NodeJS.Signals | null]>

  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    child.process.kill(signal)
    const [code] = await ended
    return code
  }

  return {
    ...announced,
    output: child.output,
    /** Like a power cut: no handler runs. */
    crash: () => stop('SIGKILL'),
    /** Answers the exit code; throws when the server logged a warning or an error. */
    async terminate(): Promise<number | null> {
      const code = await stop('SIGTERM')
      const logged = failuresIn(child.output())
      if (logged.length > 0) throw new Error(`The server logged: ${logged.join('\n')}`)
      return code
    },

    async request<Body>(line: string, key: string, body?: unknown): Promise<Body> {
      const [method = 'GET', path = '/'] = line.split(' ')
      const answer = await fetch(announced.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${line}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Body
    },
  }
}

/** A start that is expected to be refused: the exit code and what was printed. */
export async function startRefused(folder: string, env: NodeJS.ProcessEnv = {}) {
  const child = launch(folder, env)
  const [code] = (await once(child.process, 'close')) as [number | null]
  return { code, output: child.output() }
}

function launch(folder: string, env: NodeJS.ProcessEnv) {
  const process_ = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      MAILSAGE_DATA: folder,
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [process_.stdout, process_.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed += text.toString()
    })
  }
  return { process: process_, output: () => printed }
}

async function untilAnnounced(
  child: { readonly process: ChildProcess; readonly output: () => string },
  folder: string,
): Promise<Announced> {
  const file = join(folder, 'server.json')
  const deadline = performance.now() + slowestStartMs
  while (performance.now() < deadline) {
    if (child.process.exitCode !== null) break
    const announced = existsSync(file) ? read(file) : null
    // A process that was killed leaves its file behind.
    if (announced?.pid === child.process.pid) return announced as Announced
    await pause(pollMs)
  }
  child.process.kill('SIGKILL')
  throw new Error(`The relay did not start: ${child.output()}`)
}

function read(file: string): Partial<Announced> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Announced>
  } catch {
    return null
  }
}
