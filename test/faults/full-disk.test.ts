import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Health } from '../../src-main/contract/settings.ts'
import { openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, type House, openHouse } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { canMount, openSmallDisk } from './small-disk.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x'.repeat(200_000) }

async function openCrampedHouse() {
  const disk = openSmallDisk(48)
  const log = collectLog()
  const clock = createTestClock()
  const house = await openHouse({ parent: disk.folder, outside: { clock, writeLog: log.write } })
  clock.advance(10_000)
  await eventually(() => (existsSync(join(house.folder, 'reserve')) ? true : undefined))
  return { disk, log, clock, house }
}

function emptyLog(folder: string): void {
  const database = new Sqlite(join(folder, 'mailsage.db'))
  database.pragma('busy_timeout = 5000')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** The server remembers the free room for 100 ms. */
function untilRoomIsAskedAgain(): Promise<true> {
  const from = performance.now()
  return eventually(() => (performance.now() - from > 150 ? true : undefined))
}

const healthOf = async (house: House) => {
  const { status, body } = await house.request('GET /health', { key: null })
  return { http: status, ...(body as Health) }
}

describe.skipIf(!canMount)('on a full disk', () => {
  it('mail is refused with the folder and the free room, at both doors, and everyone is told once', async () => {
    const { disk, log, clock, house } = await openCrampedHouse()
    const { key } = await house.makeKey()
    const { id } = await house.reply('POST /v1/send', { key, body: mail })
    disk.fill()
    await untilRoomIsAskedAgain()

    const http = await house.request('POST /v1/send', { key, body: mail })
    expectRefusal(http, 'storage_full')
    expect(http.status).toBe(507)
    const sentence = new RegExp(`data folder ${house.folder} is full: \\d+ KiB are free`)
    expect(http.text).toMatch(sentence)
    const smtp = await (await converse(house.relay.smtpPort)).send({ raw: 'Subject: x\r\n\r\nx' })
    expect([smtp.code, smtp.lines.join()]).toEqual([452, expect.stringMatching(sentence)])
    expect(smtp.lines[0]).toMatch(/^4\.3\.1 /)
    expect(await healthOf(house)).toMatchObject({
      http: 503,
      status: 'failing',
      reason: 'storage_full',
      database: 'full',
    })
    const storage = await house.reply('GET /v1/storage')
    expect(storage.problems).toMatchObject([{ code: 'storage_full' }])

    const alerts = await eventually(async () => {
      const { data } = await house.reply('GET /v1/alerts', { query: { rule: 'storage' } })
      return data.length > 0 ? data : undefined
    })
    expect(alerts).toMatchObject([{ severity: 'critical', state: 'open' }])
    expect(alerts[0]?.message).toMatch(sentence)

    // What is there can be read and deleted.
    expect((await house.reply('GET /v1/inbox')).counts.total).toBe(1)
    await house.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expect((await house.reply('GET /v1/inbox')).counts.total).toBe(0)
    expect(log.sentences()).toEqual([expect.stringMatching(sentence)])

    disk.empty()
    clock.advance(10_000)
    await eventually(async () => ((await healthOf(house)).status === 'ok' ? true : undefined))
    await house.reply('POST /v1/send', { key, body: mail })
    expect(log.sentences().slice(1)).toEqual([expect.stringContaining('can be written again')])
    await eventually(() => (existsSync(join(house.folder, 'reserve')) ? true : undefined))
  })

  it('deleting everything works, and a relay’s answer is written down, at the cost of the reserve', async () => {
    const { disk, house } = await openCrampedHouse()
    const sink = await openSink()
    const relay = { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' as const }
    await house.reply('POST /v1/relays', { body: relay })
    const { key } = await house.makeKey({ mode: 'live' })
    const test = await house.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    for (let count = 0; count < 40; count++) {
      await house.reply('POST /v1/send', { key: test.key, body: mail })
    }
    let answer: ((reply: null) => void) | undefined
    sink.rules.message = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const { id } = await house.reply('POST /v1/send', { key, body: mail })
    const emailOf = () => house.reply('GET /v1/emails/{id}', { params: { id } })
    const hold = await eventually(() => answer)

    // Without a log to write over, the next write needs room.
    emptyLog(house.folder)
    disk.fill()
    expect(disk.free()).toBe(0)
    hold(null)
    await eventually(async () => ((await emailOf()).status === 'delivered' ? true : undefined))
    await house.reply('DELETE /v1/inbox')
    expect((await house.reply('GET /v1/inbox')).counts.total).toBe(0)
    expect(existsSync(join(house.folder, 'reserve'))).toBe(false)
    // The room that the reserve gave up is not for new mail.
    expect((await house.request('POST /v1/send', { key: test.key, body: mail })).status).toBe(507)
    expect(sink.messages).toHaveLength(1)
  })

  it('mail is refused before the disk is full, so that no write fails half way', async () => {
    const { disk, house } = await openCrampedHouse()
    const { key } = await house.makeKey()
    disk.fill(9 * 1024 * 1024)
    await house.reply('POST /v1/send', { key, body: mail })
    const large = { ...mail, text: 'x'.repeat(2_000_000) }
    expect((await house.request('POST /v1/send', { key, body: large })).status).toBe(507)
    expect(existsSync(join(house.folder, 'reserve'))).toBe(true)
  })
})
