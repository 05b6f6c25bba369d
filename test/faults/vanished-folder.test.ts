import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src-main/storage/database.ts'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const database = (testServer: TestServer): string => join(testServer.folder, 'mailsage.db')

const fates: Readonly<Record<string, (testServer: TestServer) => void>> = {
  'the folder is deleted': ({ folder }) => rmSync(folder, { recursive: true }),
  'the folder is moved away': ({ folder }) => renameSync(folder, `${folder}-moved`),
  'the folder is replaced by another, with a database of its own': ({ folder }) => {
    renameSync(folder, `${folder}-moved`)
    mkdirSync(folder)
    openDatabase(folder).close()
  },
  'the database is deleted': (testServer) => rmSync(database(testServer)),
  'the log of the database is deleted': (testServer) => rmSync(`${database(testServer)}-wal`),
}

it.each(Object.keys(fates))(
  'Once %s, mail is refused with a sentence that names the folder and the remedy',
  async (fate) => {
    const log = collectLog()
    const testServer = await startTestServer({ environment: { writeLog: log.write } })
    const { key } = await testServer.makeKey()
    await testServer.reply('POST /v1/send', { key, body: mail })
    fates[fate]?.(testServer)

    const sentence = `The data folder ${testServer.folder} was deleted or replaced`
    for (let count = 0; count < 3; count++) {
      const http = await testServer.request('POST /v1/send', { key, body: mail })
      expectRefusal(http, 'storage_unavailable')
      expect(http.status).toBe(503)
      expect(http.text).toContain(sentence)
      expect(http.text).toContain('restart MailSage')
    }
    const smtp = await (await converse(testServer.server.smtpPort)).send({
      raw: 'Subject: x\r\n\r\nx',
    })
    expect([smtp.code, smtp.lines[0]]).toEqual([451, expect.stringContaining(`4.3.0 ${sentence}`)])
    const health = await testServer.request('GET /health', { key: null })
    expect([health.status, health.body]).toMatchObject([
      503,
      { status: 'failing', reason: 'storage_unavailable', database: 'unavailable' },
    ])
    expect(health.text).not.toContain(testServer.folder)
    const { problems } = await testServer.reply('GET /v1/storage')
    expect(problems[0]?.message).toContain(sentence)
    expect(log.sentences()).toEqual([expect.stringContaining(sentence)])
    rmSync(`${testServer.folder}-moved`, { recursive: true, force: true })
  },
)

it('Mail is accepted again when the same folder is back, without the refused messages', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const { key } = await testServer.makeKey()
  renameSync(testServer.folder, `${testServer.folder}-moved`)
  expect((await testServer.request('POST /v1/send', { key, body: mail })).status).toBe(503)
  renameSync(`${testServer.folder}-moved`, testServer.folder)
  await testServer.reply('POST /v1/send', { key, body: { ...mail, subject: 'taken' } })
  const { data } = await testServer.reply('GET /v1/inbox')
  expect(data.map(({ subject }) => subject)).toEqual(['taken'])
  expect((await testServer.request('GET /health', { key: null })).status).toBe(200)
})
