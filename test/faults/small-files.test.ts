import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { writeDurably } from '../../src-main/base/durable-file.ts'
import { startProcess } from '../durability/server-process.ts'

const root = join(import.meta.dirname, '../..')
const watch = join(import.meta.dirname, 'watch-writes.ts')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-small-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

/** Files that may be written in another way, each with its reason. */
const others = new Map([
  ['src-main/base/durable-file.ts', 'the one way'],
  ['src-main/electron/ipc-handlers.ts', 'a file that the person names in a dialog'],
  ['src-main/electron/message-files.ts', 'a drag, gone when the app ends'],
  ['src-main/electron/recovery.ts', 'a log that is appended to'],
  ['src-main/storage/reserve.ts', 'room on the disk, without content'],
  ['src-main/storage/private-file.ts', 'an empty file that SQLite fills'],
])

it('Only one function writes small files', () => {
  const writes = /\b(writeFile|writeFileSync|appendFile|appendFileSync)\(/
  const astray = readdirSync(join(root, 'src-main'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src-main/${path}`)
    .filter((path) => path.endsWith('.ts') && !others.has(path))
    .filter((path) => writes.test(readFileSync(join(root, path), 'utf8')))
  expect(astray).toEqual([])
})

it('A small file is flushed before its rename, and its folder after it', () => {
  const file = join(folder, 'a.json')
  const script = `const { writeDurably } = await import(${JSON.stringify(join(root, 'src-main/base/durable-file.ts'))}); writeDurably(${JSON.stringify(file)}, 'x')`
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', watch, '--input-type=module', '-e', script],
    { encoding: 'utf8', env: { ...process.env, WATCH_WRITES: 'tell' } },
  )
  expect(stdout.trim().split('\n')).toEqual([
    'fsync of a file',
    `rename to ${file}`,
    'fsync of a folder',
  ])
})

it('A small file is readable by its owner only and replaces earlier files', () => {
  const file = join(folder, 'a.json')
  writeDurably(`${file}.new`, 'left over')
  writeDurably(file, 'one')
  writeDurably(file, 'two')
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['a.json'])
})

it('A start succeeds after one that was killed before any rename of its files', async () => {
  const headless = join(root, 'src-main/headless.ts')
  const files = ['vault.key', 'smtp.key', 'smtp.crt', 'server.json']
  for (const file of files) {
    const { signal } = spawnSync(process.execPath, ['--import', watch, headless], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        MAILSAGE_DATA: folder,
        MAILSAGE_HTTP_PORT: '0',
        MAILSAGE_SMTP_PORT: '0',
        WATCH_WRITES: `SIGKILL at ${file}`,
      },
    })
    expect([file, signal]).toEqual([file, 'SIGKILL'])
    expect(readdirSync(folder)).toContain(`${file}.new`)
    expect(readdirSync(folder)).not.toContain(file)
  }
  const server = await startProcess(folder)
  let hasEnded = false
  onTestFinished(async () => {
    if (!hasEnded) await server.crash()
  })
  expect(server.output()).not.toContain('    at ')
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(files))
  expect(await server.terminate()).toBe(0)
  hasEnded = true
}, 40_000)

it('A signal during the start ends the server gracefully', () => {
  const { status, signal } = spawnSync(
    process.execPath,
    ['--import', watch, join(root, 'src-main/headless.ts')],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        MAILSAGE_DATA: folder,
        MAILSAGE_HTTP_PORT: '0',
        MAILSAGE_SMTP_PORT: '0',
        WATCH_WRITES: 'SIGTERM at server.json',
      },
    },
  )
  expect([status, signal]).toEqual([0, null])
  expect(readdirSync(folder)).not.toContain('server.json')
}, 40_000)
