import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { damageNames, damages } from './torn-files.ts'

const indexFile = (testServer: TestServer): string => join(testServer.folder, 'search.db')

async function openIndexedServer() {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
  for (let count = 0; count < 30; count++) {
    const body = {
      from: 'a@example.com',
      to: 'b@example.com',
      subject: `s ${count}`,
      text: 'needle',
    }
    await testServer.reply('POST /v1/send', { key, body })
  }
  await testServer.server.idle()
  return { log, testServer }
}

const found = async (testServer: TestServer): Promise<number> =>
  (await testServer.reply('GET /v1/inbox', { query: { query: 'needle', limit: 100 } })).data.length

/** Lists and messages at once; searches once the index is whole again. */
async function expectHealed(testServer: TestServer): Promise<void> {
  const { data, counts } = await testServer.reply('GET /v1/inbox', { query: { limit: 100 } })
  expect([data.length, counts.total]).toEqual([30, 30])
  const message = await testServer.reply('GET /v1/inbox/{id}', {
    params: { id: data[0]?.id ?? '' },
  })
  expect(message.snippet).toContain('needle')
  await eventually(async () => ((await found(testServer)) === 30 ? true : undefined))
  expect((await testServer.reply('GET /v1/storage')).index_percent).toBe(100)
  expect(statSync(indexFile(testServer)).mode & 0o777).toBe(0o600)
}

/** The table of words is then missing, which SQLite reports as a plain error. */
function dropTable(testServer: TestServer): void {
  const database = new Sqlite(indexFile(testServer))
  database.unsafeMode(true)
  database.exec('DROP TABLE words_config')
  database.close()
}

it('A start with a search.db that lost a table rebuilds the index', async () => {
  const { log, testServer } = await openIndexedServer()
  await testServer.restart({}, () => dropTable(testServer))
  await expectHealed(testServer)
  expect(log.sentences()[0]).toMatch(/search\.db was damaged or missing and is being rebuilt/)
})

it.each(damageNames)(
  'A start with a search.db %s rebuilds the index and logs a damaged file',
  async (name) => {
    const { log, testServer } = await openIndexedServer()
    await testServer.restart({}, () => damages[name](indexFile(testServer)))
    await expectHealed(testServer)
    await testServer.server.idle()
    // A file that is missing is no damage: it may be deleted at any time.
    expect(log.sentences()).toEqual(
      name === 'that is missing'
        ? []
        : [
            expect.stringMatching(/search\.db was damaged or missing and is being rebuilt/),
            'The search index is complete again',
          ],
    )
    const aside = readdirSync(testServer.folder).filter((file) => file.includes('search.db.broken'))
    expect(aside).toHaveLength(name === 'that is a folder' ? 1 : 0)
  },
)

/** Overwrites every page but the first, so that the file still opens, and also the log. */
function overwrite(file: string): void {
  for (const path of [file, `${file}-wal`]) {
    const { size } = statSync(path)
    const handle = openSync(path, 'r+')
    const piece = Buffer.alloc(4096, 0xff)
    const from = path === file ? 4096 : 0
    for (let at = from; at < size; at += piece.length) {
      writeSync(handle, piece, 0, Math.min(piece.length, size - at), at)
    }
    closeSync(handle)
  }
}

const accidents: Readonly<Record<string, (testServer: TestServer) => void>> = {
  'is overwritten': (testServer) => overwrite(indexFile(testServer)),
  'loses a table': dropTable,
  'is deleted': (testServer) => {
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(indexFile(testServer) + suffix, { force: true })
  },
}

it.each(Object.keys(accidents))(
  'A search.db that %s under a running server is rebuilt, while lists and messages work',
  async (accident) => {
    const { log, testServer } = await openIndexedServer()
    // A fresh start has read nothing of the index yet.
    await testServer.restart()
    await testServer.server.idle()
    accidents[accident]?.(testServer)
    await found(testServer)
    await expectHealed(testServer)
    expect(log.sentences()[0]).toMatch(/search\.db was damaged or missing and is being rebuilt/)
    expect(log.sentences()).not.toContain(expect.stringContaining('mailsage.db is damaged'))
    expect((await testServer.request('GET /health')).status).toBe(200)
  },
)
