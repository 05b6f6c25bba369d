import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../wait-for.ts'
import { canMount, openSmallDisk } from './small-disk.ts'

const entry = join(import.meta.dirname, '../../src-main/cli/mailsage.ts')

/** Starts `mailsage serve` with the given output. */
async function serve(stdio: readonly [number | 'pipe', number | 'pipe']) {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-output-'))
  const server = spawn(process.execPath, [entry, 'serve', '--http-port', '0', '--smtp-port', '0'], {
    env: { PATH: process.env.PATH, HOME: folder, MAILSAGE_DATA: folder },
    stdio: ['ignore', ...stdio],
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const announced = join(folder, 'server.json')
  const read = (): { url?: string; consoleKey?: string } => {
    try {
      return JSON.parse(readFileSync(announced, 'utf8'))
    } catch {
      return {}
    }
  }
  await until('the start', () => read().url !== undefined, 15_000)
  const { url = '', consoleKey = '' } = read()
  return {
    server,
    folder,
    /** Causes a log line: the next write finds that the folder is missing. */
    async provokeLog(): Promise<void> {
      rmSync(folder, { recursive: true, force: true })
      const answer = await fetch(`${url}/v1/api-keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${consoleKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x', mode: 'test' }),
      })
      expect(answer.status).toBe(503)
    },
    isAlive: async (): Promise<boolean> =>
      (await fetch(`${url}/openapi.json`)).ok && server.exitCode === null,
  }
}

it('A server continues when its output is closed', async () => {
  const { server, provokeLog, isAlive } = await serve(['pipe', 'pipe'])
  server.stdout?.destroy()
  server.stderr?.destroy()
  await provokeLog()
  expect(await isAlive()).toBe(true)
})

describe.skipIf(!canMount)('A full disk', () => {
  it('A server continues when the disk of its log is full', async () => {
    const disk = openSmallDisk(1)
    const file = join(disk.folder, 'log')
    const log = openSync(file, 'a')
    onTestFinished(() => closeSync(log))
    const { provokeLog, isAlive } = await serve([log, log])
    disk.fill()
    await provokeLog()
    expect(await isAlive()).toBe(true)
    expect(disk.free()).toBe(0)
  })
})
