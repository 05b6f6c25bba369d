import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Health } from '../../src-main/contract/settings.ts'
import { openSink } from '../delivery/live-fixture.ts'
import { startProcess } from '../durability/server-process.ts'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { canMount, openSmallDisk } from './small-disk.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x'.repeat(200_000) }

async function openCrampedServer() {
  const disk = openSmallDisk(48)
  const log = collectLog()
  const clock = createTestClock()
  const testServer = await startTestServer({
    parent: disk.folder,
    environment: { clock, writeLog: log.write },
  })
  clock.advance(10_000)
  await eventually(() => (existsSync(join(testServer.folder, 'reserve')) ? true : undefined))
  return { disk, log, clock, testServer }
}

function emptyLog(folder: string): void {
  const database = new Sqlite(join(folder, 'mailsage.db'))
  database.pragma('busy_timeout = 5000')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** The server caches the free space for 100 ms. */
function untilRoomIsAskedAgain(): Promise<true> {
  const from = performance.now()
  return eventually(() => (performance.now() - from > 150 ? true : undefined))
}

const healthOf = async (testServer: TestServer) => {
  const { status, body } = await testServer.request('GET /health', { key: null })
  return { http: status, ...(body as Health) }
}

describe.skipIf(!canMount)('A full disk', { timeout: 60_000 }, () => {
  it('Mail is refused with the folder and the free space, over HTTP and SMTP, and one alert is raised', async () => {
    const { disk, log, clock, testServer } = await openCrampedServer()
    const { key } = await testServer.makeKey()
    const { id } = await testServer.reply('POST /v1/send', { key, body: mail })
    disk.fill()
    await untilRoomIsAskedAgain()

    const http = await testServer.request('POST /v1/send', { key, body: mail })
    expectRefusal(http, 'storage_full')
    expect(http.status).toBe(507)
    const sentence = new RegExp(`data folder ${testServer.folder} is full: \\d+ KiB are free`)
    expect(http.text).toMatch(sentence)
    const smtp = await (await converse(testServer.server.smtpPort)).send({
      raw: 'Subject: x\r\n\r\nx',
    })
    expect([smtp.code, smtp.lines.join()]).toEqual([452, expect.stringMatching(sentence)])
    expect(smtp.lines[0]).toMatch(/^4\.3\.1 /)
    expect(await healthOf(testServer)).toMatchObject({
      http: 503,
      status: 'failing',
      reason: 'storage_full',
      database: 'full',
    })
    const storage = await testServer.reply('GET /v1/storage')
    expect(storage.problems).toMatchObject([{ code: 'storage_full' }])

    const alerts = await eventually(async () => {
      const { data } = await testServer.reply('GET /v1/alerts', { query: { rule: 'storage' } })
      return data.length > 0 ? data : undefined
    })
    expect(alerts).toMatchObject([{ severity: 'critical', state: 'open' }])
    expect(alerts[0]?.message).toMatch(sentence)

    // Existing messages can be read and deleted.
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
    await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(0)
    expect(log.sentences()).toEqual([expect.stringMatching(sentence)])

    disk.empty()
    clock.advance(10_000)
    await eventually(async () => ((await healthOf(testServer)).status === 'ok' ? true : undefined))
    await testServer.reply('POST /v1/send', { key, body: mail })
    expect(log.sentences().slice(1)).toEqual([expect.stringContaining('can be written again')])
    await eventually(() => (existsSync(join(testServer.folder, 'reserve')) ? true : undefined))
  })

  it('Everything can be deleted, and a relay’s reply is stored, by using the reserve', async () => {
    const { disk, testServer } = await openCrampedServer()
    const sink = await openSink()
    const relay = { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' as const }
    await testServer.reply('POST /v1/relays', { body: relay })
    const { key } = await testServer.makeKey({ mode: 'live' })
    const test = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    for (let count = 0; count < 40; count++) {
      await testServer.reply('POST /v1/send', { key: test.key, body: mail })
    }
    let answer: ((reply: null) => void) | undefined
    sink.rules.message = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const { id } = await testServer.reply('POST /v1/send', { key, body: mail })
    const emailOf = () => testServer.reply('GET /v1/emails/{id}', { params: { id } })
    const hold = await eventually(() => answer)

    // Without a log to overwrite, the next write needs free space.
    emptyLog(testServer.folder)
    disk.fill()
    expect(disk.free()).toBe(0)
    hold(null)
    await eventually(async () => ((await emailOf()).status === 'delivered' ? true : undefined))
    await testServer.reply('DELETE /v1/inbox')
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(0)
    expect(existsSync(join(testServer.folder, 'reserve'))).toBe(false)
    // The space of the reserve is not for new mail.
    expect((await testServer.request('POST /v1/send', { key: test.key, body: mail })).status).toBe(
      507,
    )
    expect(sink.messages).toHaveLength(1)
  })

  it('A disk that MailSage filled accepts mail again after a deletion', async () => {
    const { disk, log, clock, testServer } = await openCrampedServer()
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    const send = () => testServer.request('POST /v1/send', { key, body: mail })
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let count = 0; count < 100; count++) {
          const { status } = await send()
          if (status !== 202) return status
        }
        return null
      }),
    )
    expect(new Set(statuses)).toEqual(new Set([507]))
    expect(disk.free()).toBeGreaterThan(6 * 1024 * 1024)
    // More than a third of the disk, so that the log was truncated meanwhile.
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBeGreaterThan(80)
    await testServer.reply('DELETE /v1/inbox')
    clock.advance(10_000)
    await eventually(async () => ((await healthOf(testServer)).status === 'ok' ? true : undefined))
    // The log cannot be emptied while a thread reads: a client may have to try again meanwhile.
    for (let count = 0; count < 40; count++)
      await eventually(async () => ((await send()).status === 202 ? true : undefined))
    expect(log.sentences().filter((sentence) => sentence.includes('loop failed'))).toEqual([])
  })

  it('Messages can be deleted after another program filled the disk during traffic', async () => {
    const { disk, log, testServer } = await openCrampedServer()
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    const ids: string[] = []
    const large = { ...mail, text: 'x'.repeat(300_000) }
    for (let status = 202; status === 202 && ids.length < 150; ) {
      const answer = await testServer.request('POST /v1/send', { key, body: large })
      status = answer.status
      if (status === 202) ids.push((answer.body as { id: string }).id)
    }
    expect(ids.length).toBeGreaterThan(60)
    disk.fill()
    for (const id of ids.slice(0, 5)) {
      await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
    }
    await testServer.reply('DELETE /v1/inbox')
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(0)
    expect(log.sentences().filter((sentence) => sentence.includes('loop failed'))).toEqual([])
  })

  it.each([48, 14])(
    'The reserve of a disk of %i MB is held when the listeners open',
    async (size) => {
      const disk = openSmallDisk(size)
      const testServer = await startTestServer({ parent: disk.folder })
      expect(existsSync(join(testServer.folder, 'reserve'))).toBe(true)
      const { key } = await testServer.makeKey()
      const small = { ...mail, text: 'x' }
      await testServer.reply('POST /v1/send', { key, body: small })
    },
  )

  it('A start on a full disk serves reading and deleting', async () => {
    const disk = openSmallDisk(48)
    const folder = join(disk.folder, 'data')
    const first = await startProcess(folder)
    const { key } = await first.request<{ key: string }>('POST /v1/api-keys', first.consoleKey, {
      name: 'A key',
      mode: 'test',
      permissions: ['*'],
    })
    const call = (server: typeof first, method: string, path: string, body?: unknown) =>
      fetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    for (let count = 0; count < 20; count++) {
      expect((await call(first, 'POST', '/v1/send', mail)).status).toBe(202)
    }
    disk.fill()
    await first.crash()
    disk.fill()
    const second = await startProcess(folder)
    const list = (await (await call(second, 'GET', '/v1/inbox')).json()) as {
      counts: { total: number }
      data: { id: string }[]
    }
    expect(list.counts.total).toBe(20)
    const [message] = list.data
    expect((await call(second, 'GET', `/v1/inbox/${message?.id}/raw`)).status).toBe(200)
    expect((await call(second, 'POST', '/v1/send', mail)).status).toBe(507)
    expect((await call(second, 'DELETE', `/v1/inbox/${message?.id}`)).status).toBe(200)
    expect((await call(second, 'DELETE', '/v1/inbox')).status).toBe(200)
    disk.empty()
    await second.crash()
  })

  it('Mail is refused before the disk is full, so that no write fails halfway', async () => {
    const { disk, testServer } = await openCrampedServer()
    const { key } = await testServer.makeKey()
    disk.fill(9 * 1024 * 1024)
    await testServer.reply('POST /v1/send', { key, body: mail })
    const large = { ...mail, text: 'x'.repeat(2_000_000) }
    expect((await testServer.request('POST /v1/send', { key, body: large })).status).toBe(507)
    expect(existsSync(join(testServer.folder, 'reserve'))).toBe(true)
  })
})
