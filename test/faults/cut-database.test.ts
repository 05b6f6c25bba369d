import { existsSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

it.each([
  ['0 bytes', 0],
  ['its first page', 4096],
])(
  'A database that is cut to %s under a running server accepts no mail and loses no log entry',
  async (_, bytes) => {
    const log = collectLog()
    const testServer = await startTestServer({ environment: { writeLog: log.write } })
    const { key } = await testServer.makeKey()
    await testServer.reply('POST /v1/send', { key, body: mail })
    const file = join(testServer.folder, 'mailsage.db')
    if (bytes > 0) {
      const other = new Sqlite(file)
      other.pragma('wal_checkpoint(PASSIVE)')
      other.close()
      await testServer.reply('POST /v1/send', { key, body: mail })
    }
    await testServer.server.idle()
    truncateSync(file, bytes)

    const sentence = `The database ${file} was cut short`
    for (let count = 0; count < 3; count++) {
      const smtp = await (await converse(testServer.server.smtpPort)).send({
        raw: 'Subject: x\r\n\r\nx',
      })
      expect([smtp.code, smtp.lines[0]]).toEqual([451, expect.stringContaining(sentence)])
      const http = await testServer.request('POST /v1/send', { key, body: mail })
      expectRefusal(http, 'storage_damaged')
      expect(http.text).toContain(sentence)
    }
    // A thread that opens an empty database would delete its log.
    const backup = await testServer.request('GET /v1/backup')
    expect([backup.status, backup.text]).toEqual([503, expect.stringContaining(sentence)])
    const list = await testServer.request('GET /v1/inbox', { query: { query: 'x' } })
    expect([200, 503]).toContain(list.status)
    expect((await testServer.request('GET /health', { key: null })).body).toMatchObject({
      status: 'failing',
      reason: 'storage_damaged',
    })
    expect(log.sentences()).toEqual([expect.stringContaining(sentence)])

    await testServer.server.close()
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(4096)
    expect(statSync(file).size).toBe(bytes)
    if (bytes === 0) {
      await expect(testServer.restart()).rejects.toThrow(/is empty, but its log .* may hold mail/)
      expect(existsSync(`${file}-wal`)).toBe(true)
    }
  },
)
