import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { npmCommand } from '../../scripts/npm.ts'
import { until } from '../wait-for.ts'

const root = join(import.meta.dirname, '../..')

test.skipIf(process.platform === 'win32')(
  'SIGTERM to npm run headless closes the server, which removes its server.json',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-npm-'))
    const file = join(folder, 'server.json')
    const [npm, args] = npmCommand('run', 'headless')
    const child = spawn(npm, args, {
      cwd: root,
      stdio: 'ignore',
      env: {
        PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
        HOME: folder,
        MAILSAGE_DATA: folder,
        MAILSAGE_HTTP_PORT: '0',
        MAILSAGE_SMTP_PORT: '0',
      },
    })
    await until('the server runs', () => existsSync(file), 30_000)
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number }
    onTestFinished(() => {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    })
    child.kill('SIGTERM')
    await until('the server is closed', () => !isRunning(pid))
    expect(existsSync(file)).toBe(false)
  },
)

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
