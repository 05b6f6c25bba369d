import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { eventually, type House, openHouse } from '../test-server.ts'
import { collectLog } from './log-lines.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

/** As a database browser does with an unfinished change. */
function lock(house: House): () => void {
  const other = new Sqlite(join(house.folder, 'mailsage.db'), { timeout: 5000 })
  other.exec('BEGIN EXCLUSIVE')
  return () => void other.close()
}

it('a lock that lasts refuses mail with its sentence at both doors, while everything else is answered', async () => {
  const log = collectLog()
  const house = await openHouse({ outside: { writeLog: log.write } })
  const { key } = await house.makeKey()
  await house.relay.idle()
  const release = lock(house)
  const order: string[] = []
  const http = house.request('POST /v1/send', { key, body: mail }).finally(() => order.push('send'))
  const conversation = await converse(house.relay.smtpPort)
  const smtp = conversation.send({ raw: 'Subject: x\r\n\r\nx' }).finally(() => order.push('250'))
  for (let count = 0; count < 20; count++) {
    await house.reply('GET /v1/inbox')
    order.push('read')
  }
  // Nobody who reads waits for those who cannot write.
  expect(order).toEqual(Array.from({ length: 20 }, () => 'read'))

  const refused = await http
  expectRefusal(refused, 'storage_busy')
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
  const sentence = `Another program holds a lock on ${join(house.folder, 'mailsage.db')}`
  expect(refused.text).toContain(sentence)
  const { code, lines } = await smtp
  expect([code, lines[0]]).toEqual([451, expect.stringContaining(`4.3.2 ${sentence}`)])
  const health = await house.request('GET /health', { key: null })
  expect([health.status, health.body]).toMatchObject([503, { reason: 'storage_busy' }])

  release()
  await house.reply('POST /v1/send', { key, body: mail })
  expect((await house.request('GET /health', { key: null })).status).toBe(200)
  expect((await house.reply('GET /v1/inbox')).counts.total).toBe(1)
  expect(log.sentences()).toEqual([
    expect.stringContaining(sentence),
    expect.stringContaining('can be written again'),
  ])
})

it('a lock that is gone in a moment is waited for, and nothing is refused', async () => {
  const house = await openHouse()
  const { key } = await house.makeKey()
  await house.relay.idle()
  const release = lock(house)
  let answered = 0
  const sent = Array.from({ length: 5 }, async () => {
    await house.reply('POST /v1/send', { key, body: mail })
    answered += 1
  })
  await pause(200)
  expect(answered).toBe(0)
  release()
  await Promise.all(sent)
  await eventually(async () =>
    (await house.reply('GET /v1/inbox')).counts.total === 5 ? true : undefined,
  )
})

it('a start that meets a lock is refused with the sentence', async () => {
  const house = await openHouse()
  void house.expectLog(/Another program holds a lock/)
  let release = (): void => undefined
  const restarted = house.restart({}, () => {
    release = lock(house)
  })
  await expect(restarted).rejects.toThrow(/Another program holds a lock on .*mailsage\.db/)
  release()
  await house.restart()
})
