import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { damages } from './torn-files.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

it.each<readonly [string, (file: string) => void]>([
  ['of random bytes', (file) => writeFileSync(file, Buffer.alloc(5000, 0x5a))],
  ['that is a folder', damages['that is a folder']],
])('A start with a lock file %s names that file, and not the database', async (_, damage) => {
  const testServer = await startTestServer()
  const lock = join(testServer.folder, 'lock')
  const refusal = testServer.restart({}, () => damage(lock))
  await expect(refusal).rejects.toThrow(`The lock file ${lock} cannot be used`)
  await expect(refusal).rejects.not.toThrow(/mailsage\.db|backup/)
  rmSync(lock, { recursive: true })
  await testServer.restart()
})

it.each([
  ['random bytes', Buffer.alloc(5000, 0x5a)],
  ['0 bytes', Buffer.alloc(0)],
])(
  'A start with a restore.db of %s names that file and leaves the database alone',
  async (_, bytes) => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey()
    await testServer.reply('POST /v1/send', { key, body: mail })
    const file = join(testServer.folder, 'restore.db')
    const refusal = testServer.restart({}, () => writeFileSync(file, bytes))
    await expect(refusal).rejects.toThrow(`The backup ${file} is damaged`)
    expect(readFileSync(join(testServer.folder, 'mailsage.db')).length).toBeGreaterThan(0)
    rmSync(file)
    await testServer.restart()
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  },
)

it('A foreign lock on search.db is named, and mail is still accepted', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const { key } = await testServer.makeKey()
  await testServer.reply('POST /v1/send', { key, body: mail })
  await testServer.server.idle()
  await testServer.reply('GET /v1/inbox', { query: { query: 'x' } })
  const file = join(testServer.folder, 'search.db')
  const other = new Sqlite(file, { timeout: 5000 })
  other.exec('BEGIN IMMEDIATE')
  await testServer.reply('POST /v1/send', { key, body: mail })
  await testServer.server.idle()
  expect((await testServer.request('GET /health', { key: null })).status).toBe(200)
  await testServer.reply('POST /v1/send', { key, body: mail })
  expect(log.sentences()).toEqual([
    expect.stringContaining(`Another program holds a lock on ${file}`),
  ])
  other.close()
  await testServer.server.idle()
})
