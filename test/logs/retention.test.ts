import { describe, expect, it } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
import {
  addRelay,
  deafPort,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from '../delivery/live-fixture.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const mail = { from: 'a@example.com', to: 'b@example.com', text: 'findable' }

async function send(testServer: TestServer, key: string, subject: string): Promise<string> {
  return (await testServer.reply('POST /v1/send', { key, body: { ...mail, subject } })).id
}

async function subjects(testServer: TestServer): Promise<string[]> {
  const { data } = await testServer.reply('GET /v1/inbox')
  return data.map(({ subject }) => subject)
}

function count(testServer: TestServer, sql: string): number {
  const database = openReadOnly(testServer.folder)
  try {
    return database.prepare<[], number>(sql).pluck().get() ?? 0
  } finally {
    database.close()
  }
}

describe('A limit by number', () => {
  it('The newest messages stay; the oldest are deleted with all their rows', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({
      env: { MAILSAGE_KEEP_MESSAGES: '3' },
      environment: { clock },
    })
    const { key } = await testServer.makeKey()
    for (let number = 1; number <= 8; number++) {
      await send(testServer, key, `mail ${number}`)
      clock.advance(10)
    }
    const left = await eventually(async () => {
      await testServer.server.idle()
      const found = await subjects(testServer)
      return found.length === 3 ? found : undefined
    })
    expect(left).toEqual(['mail 8', 'mail 7', 'mail 6'])
    const { data, counts } = await testServer.reply('GET /v1/inbox', {
      query: { query: 'findable' },
    })
    expect([data.length, counts.total]).toEqual([3, 3])
    expect(count(testServer, 'SELECT count(*) FROM bodies')).toBe(3)
    const changes = await testServer.events(['inbox.changed'])
    expect(changes.every(({ data: { reason } }) => reason === 'retention')).toBe(true)
    expect(changes.reduce((sum, event) => sum + Number(event.data.count), 0)).toBe(5)
  })

  it('A limit of 0 keeps all messages', async () => {
    const testServer = await startTestServer({ environment: { clock: createTestClock() } })
    const { key } = await testServer.makeKey()
    for (let number = 1; number <= 5; number++) await send(testServer, key, `mail ${number}`)
    await testServer.server.idle()
    expect(await subjects(testServer)).toHaveLength(5)
  })

  it('Queued live mail is never deleted until it is finished', async () => {
    const live = await openLiveFixture({ MAILSAGE_KEEP_MESSAGES: '1' })
    const sink = await openSink()
    const waiting = { port: await deafPort() }
    const relay = await addRelay(live, waiting)
    const first = await submitted(live)
    await pass(live, 0)
    const tester = await live.testServer.makeKey()
    for (let number = 1; number <= 4; number++) {
      await send(live.testServer, tester.key, `mail ${number}`)
      await pass(live, 10)
    }
    const email = () =>
      live.testServer.request('GET /v1/emails/{id}', { params: { id: first }, key: live.key })
    expect((await email()).body).toMatchObject({ status: 'queued' })
    await live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id: relay.id },
      body: { port: sink.port },
    })
    await pass(live, 60_000)
    await eventually(() => (sink.messages.length === 1 ? true : undefined))
    await send(live.testServer, tester.key, 'the last')
    await eventually(async () => {
      await pass(live, 10)
      return (await email()).status === 404 ? true : undefined
    })
    expect(await subjects(live.testServer)).toEqual(['the last'])
  })
})

it('Messages older than the limit are deleted within an hour', async () => {
  const clock = createTestClock()
  const testServer = await startTestServer({
    env: { MAILSAGE_KEEP_DAYS: '2' },
    environment: { clock },
  })
  const { key } = await testServer.makeKey()
  await send(testServer, key, 'old')
  clock.advance(dayMs * 1.5)
  await testServer.server.idle()
  await send(testServer, key, 'young')
  await testServer.server.idle()
  expect(await subjects(testServer)).toEqual(['young', 'old'])
  clock.advance(dayMs * 0.6)
  await eventually(async () => {
    clock.advance(hourMs)
    await testServer.server.idle()
    return (await subjects(testServer)).length === 1 ? true : undefined
  })
  expect(await subjects(testServer)).toEqual(['young'])
})

it('Old access log entries are deleted; usage, audit and events of kept messages stay', async () => {
  const clock = createTestClock()
  const testServer = await startTestServer({
    env: { MAILSAGE_KEEP_LOG_DAYS: '7' },
    environment: { clock },
  })
  const { key } = await testServer.makeKey({ allowed_senders: ['shop.example'] })
  await testServer.reply('POST /v1/send', {
    key,
    body: { ...mail, from: 'a@shop.example', subject: 'kept' },
  })
  const gone = await testServer.reply('POST /v1/send', {
    key,
    body: { ...mail, from: 'a@shop.example', subject: 'gone' },
  })
  await testServer.reply('DELETE /v1/inbox/{id}', { params: { id: gone.id } })
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key)
  await conversation.send({ raw: 'Subject: x\r\n\r\nx\r\n' })
  await conversation.close()
  await eventually(async () => {
    await testServer.server.idle()
    return (await testServer.events(['session'])).length === 1 ? true : undefined
  })
  expect(count(testServer, 'SELECT count(*) FROM transcripts')).toBe(1)
  const span = { from: '2026-01-15T10:00:00Z', to: '2026-01-15T12:00:00Z', bucket: 'hour' } as const
  const before = await testServer.reply('GET /v1/usage', { query: span })
  expect(before.totals.requests).toBe(3)
  const audit = await testServer.reply('GET /v1/logs', { query: { type: 'audit' } })

  await eventually(async () => {
    clock.advance(4 * dayMs)
    await testServer.server.idle()
    return (await testServer.events(['request', 'session', 'inbox.changed'])).length === 0
      ? true
      : undefined
  })
  expect(count(testServer, 'SELECT count(*) FROM transcripts')).toBe(0)
  expect((await testServer.events(['captured'])).length).toBe(1)
  expect((await testServer.reply('GET /v1/logs', { query: { type: 'audit' } })).data).toEqual(
    audit.data,
  )
  expect((await testServer.reply('GET /v1/usage', { query: span })).totals).toEqual(before.totals)
  // A continued stream keeps its numbers.
  const last = testServer.server.domain.events.lastSeq()
  await testServer.restart()
  await testServer.makeKey()
  expect(testServer.server.domain.events.lastSeq()).toBeGreaterThan(last)
})
