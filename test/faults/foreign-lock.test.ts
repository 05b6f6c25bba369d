import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

/** As a database browser does with an unfinished change. */
function lock(testServer: TestServer): () => void {
  const other = new Sqlite(join(testServer.folder, 'mailsage.db'), { timeout: 5000 })
  other.exec('BEGIN EXCLUSIVE')
  return () => void other.close()
}

it('A long foreign lock refuses mail over HTTP and SMTP with its sentence, and other requests work', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const { key } = await testServer.makeKey()
  await testServer.server.idle()
  const release = lock(testServer)
  const order: string[] = []
  const http = testServer
    .request('POST /v1/send', { key, body: mail })
    .finally(() => order.push('send'))
  const conversation = await converse(testServer.server.smtpPort)
  const smtp = conversation.send({ raw: 'Subject: x\r\n\r\nx' }).finally(() => order.push('250'))
  for (let count = 0; count < 20; count++) {
    await testServer.reply('GET /v1/inbox')
    order.push('read')
  }
  // Reads do not wait for blocked writes.
  expect(order).toEqual(Array.from({ length: 20 }, () => 'read'))

  const refused = await http
  expectRefusal(refused, 'storage_busy')
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
  const sentence = `Another program holds a lock on ${join(testServer.folder, 'mailsage.db')}`
  expect(refused.text).toContain(sentence)
  const { code, lines } = await smtp
  expect([code, lines[0]]).toEqual([451, expect.stringContaining(`4.3.2 ${sentence}`)])
  const health = await testServer.request('GET /health', { key: null })
  expect([health.status, health.body]).toMatchObject([503, { reason: 'storage_busy' }])

  release()
  await testServer.reply('POST /v1/send', { key, body: mail })
  expect((await testServer.request('GET /health', { key: null })).status).toBe(200)
  expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  expect(log.sentences()).toEqual([
    expect.stringContaining(sentence),
    expect.stringContaining('can be written again'),
  ])
})

it('A short foreign lock delays mail, and nothing is refused', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  await testServer.server.idle()
  const release = lock(testServer)
  let answered = 0
  const sent = Array.from({ length: 5 }, async () => {
    await testServer.reply('POST /v1/send', { key, body: mail })
    answered += 1
  })
  await pause(200)
  expect(answered).toBe(0)
  release()
  await Promise.all(sent)
  await eventually(async () =>
    (await testServer.reply('GET /v1/inbox')).counts.total === 5 ? true : undefined,
  )
})

it('A start during a foreign lock is refused with a sentence', async () => {
  const testServer = await startTestServer()
  void testServer.expectLog(/Another program holds a lock/)
  let release = (): void => undefined
  const restarted = testServer.restart({}, () => {
    release = lock(testServer)
  })
  await expect(restarted).rejects.toThrow(/Another program holds a lock on .*mailsage\.db/)
  release()
  await testServer.restart()
})
