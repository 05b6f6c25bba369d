import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'

it('Damage to the database of a running server is named in each refusal and once in the log', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const { key } = await testServer.makeKey()
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x'.repeat(2e6) }
  const { id } = await testServer.reply('POST /v1/send', { key, body })
  await testServer.server.idle()
  await testServer.restart()

  const file = join(testServer.folder, 'mailsage.db')
  const other = new Sqlite(file)
  other.pragma('wal_checkpoint(TRUNCATE)')
  other.close()
  // The pages of the message, which were not read since the start.
  const { size } = statSync(file)
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(1e6, 0xff), 0, 1e6, size - 1.2e6)
  closeSync(handle)

  const sentence = `The database ${file} is damaged`
  for (let count = 0; count < 3; count++) {
    const answer = await testServer.request('GET /v1/inbox/{id}/raw', { params: { id } })
    expectRefusal(answer, 'storage_damaged')
    expect(answer.status).toBe(503)
    expect(answer.text).toContain(sentence)
    expect(answer.text).toContain('sqlite3 mailsage.db .recover')
  }
  const health = await testServer.request('GET /health', { key: null })
  expect([health.status, health.body]).toMatchObject([
    503,
    { status: 'failing', reason: 'storage_damaged', database: 'damaged' },
  ])
  // From here on no mail is acknowledged, whether it is for now or for later.
  const smtp = await (await converse(testServer.server.smtpPort)).send({
    raw: 'Subject: x\r\n\r\nx',
  })
  expect([smtp.code, smtp.lines[0]]).toEqual([451, expect.stringContaining(`4.3.0 ${sentence}`)])
  const small = { ...body, text: 'x' }
  const later = { ...small, scheduled_at: new Date(Date.now() + 3_600_000).toISOString() }
  for (const mail of [small, later]) {
    expectRefusal(await testServer.request('POST /v1/send', { key, body: mail }), 'storage_damaged')
  }
  const job = { subject: 'x', body: 'x', recipients: [{ email: 'b@example.com' }] }
  const batch = await testServer.request('POST /api/v1/emails/batch', { key, body: job })
  expect([batch.status, batch.text]).toEqual([503, expect.stringContaining(sentence)])
  const { problems } = await testServer.reply('GET /v1/storage')
  expect(problems).toMatchObject([{ code: 'storage_damaged' }])
  expect(log.sentences()).toEqual([expect.stringContaining(sentence)])
})
