import { describe, expect, test } from 'vitest'
import {
  addRelay,
  deafPort,
  emailOf,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from './live-fixture.ts'

const minuteMs = 60_000
const retryMinutes = [1, 5, 30, 120, 360]

describe('A message with several recipients', () => {
  test('Each recipient has its own result: delivered, bounced, or delivered later', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.recipient = (address) => {
      if (address === 'gone@example.com') return '550 5.1.1 No such user'
      return address === 'busy@example.com' ? '451 4.2.0 Mailbox busy' : null
    }
    const to = ['ann@example.com', 'gone@example.com', 'busy@example.com']
    const { value: id, events } = await live.testServer.witness(() => submitted(live, { to }))
    const outcomes = events
      .filter(({ type }) => !['queued', 'sending'].includes(type))
      .map(({ type, data }) => [data.recipient, type])
    expect(outcomes).toEqual([
      ['ann@example.com', 'delivered'],
      ['gone@example.com', 'bounced'],
      ['busy@example.com', 'deferred'],
    ])
    const before = await emailOf(live, id)
    expect(before.status).toBe('queued')
    expect(before.deliveries).toMatchObject([
      { status: 'delivered', attempts: 1, next_attempt_at: null },
      { status: 'bounced', attempts: 1, next_attempt_at: null },
      { status: 'deferred', attempts: 1, delivered_at: null },
    ])
    expect(before.deliveries[1]?.last_reply).toContain('5.1.1 No such user')
    expect(before.deliveries[2]?.last_reply).toContain('4.2.0 Mailbox busy')

    delete sink.rules.recipient
    const later = await live.testServer.witness(() => pass(live, minuteMs))
    expect(later.events.map(({ type, data }) => [type, data.recipient])).toEqual([
      ['sending', 'busy@example.com'],
      ['delivered', 'busy@example.com'],
    ])
    expect(sink.messages.map(({ rcptTo }) => rcptTo)).toEqual([
      ['ann@example.com'],
      ['busy@example.com'],
    ])
    const after = await emailOf(live, id)
    expect(after.status).toBe('bounced')
    expect(after.deliveries[2]).toMatchObject({ status: 'delivered', attempts: 2 })
  })
})

describe('A deferred message', () => {
  test('A deferred message is retried after 1, 5 and 30 minutes, 2 and 6 hours, and then fails', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    let attempts = 0
    sink.rules.message = () => {
      attempts += 1
      return '451 4.3.0 Try later'
    }
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect(attempts).toBe(1)
    for (const [index, minutes] of retryMinutes.entries()) {
      const { deliveries } = await emailOf(live, id)
      const dueAt = Date.parse(deliveries[0]?.next_attempt_at ?? '')
      expect(dueAt - live.clock.now()).toBe(minutes * minuteMs)
      await pass(live, minutes * minuteMs - 1)
      expect(attempts).toBe(index + 1)
      await pass(live, 1)
      expect(attempts).toBe(index + 2)
    }
    const email = await emailOf(live, id)
    expect(email.status).toBe('failed')
    expect(email.deliveries[0]).toMatchObject({
      status: 'failed',
      attempts: 6,
      next_attempt_at: null,
    })
    expect(email.deliveries[0]?.last_reply).toContain('4.3.0 Try later')
    await pass(live, 24 * 60 * minuteMs)
    expect(attempts).toBe(6)
    const events = await live.testServer.events(['deferred', 'failed'])
    expect(events.map(({ type }) => type)).toEqual([
      ...retryMinutes.map(() => 'deferred'),
      'failed',
    ])
  })

  test('A deferred message keeps its retry time over a restart', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.message = () => '451 4.3.0 Try later'
    const id = await submitted(live)
    await live.testServer.server.idle()
    await live.testServer.restart()
    delete sink.rules.message
    await live.testServer.server.idle()
    expect(sink.messages).toEqual([])
    await pass(live, minuteMs)
    expect(sink.messages).toHaveLength(1)
    expect((await emailOf(live, id)).status).toBe('delivered')
  })

  test('A deferred message is sent when its relay works again', async () => {
    const live = await openLiveFixture()
    const port = await deafPort()
    await addRelay(live, { port })
    const id = await submitted(live)
    await live.testServer.server.idle()
    const refused = await emailOf(live, id)
    expect(refused.deliveries[0]).toMatchObject({ status: 'deferred', attempts: 1 })
    expect(refused.deliveries[0]?.last_reply).toMatch(/ECONNREFUSED/)
    expect(await live.testServer.reply('GET /health')).toMatchObject({ smtp: 'unreachable' })
    const sink = await openSink({ port })
    await pass(live, minuteMs)
    expect(sink.messages).toHaveLength(1)
    expect((await emailOf(live, id)).status).toBe('delivered')
    expect(await live.testServer.reply('GET /health')).toMatchObject({ smtp: 'connected' })
  })
})

describe('A failure of a relay', () => {
  test('A 5xx reply after DATA bounces every recipient', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.message = () => '554 5.7.1 Looks like spam'
    const id = await submitted(live, { to: ['ann@example.com', 'bob@example.com'] })
    await live.testServer.server.idle()
    const email = await emailOf(live, id)
    expect(email.status).toBe('bounced')
    expect(email.deliveries.map(({ status }) => status)).toEqual(['bounced', 'bounced'])
  })

  test('A message over the size limit of the relay bounces', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ sizeBytes: 100 })
    await addRelay(live, sink)
    const id = await submitted(live)
    await live.testServer.server.idle()
    const email = await emailOf(live, id)
    expect(email.status).toBe('bounced')
    expect(email.deliveries[0]?.last_reply).toMatch(/size/)
  })

  test('A 5xx reply for every recipient bounces the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.recipient = () => '550 5.1.1 No such user'
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect((await emailOf(live, id)).status).toBe('bounced')
  })

  test('A relay that requires an unconfigured sign-in defers the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    await addRelay(live, sink)
    const id = await submitted(live)
    await live.testServer.server.idle()
    const [delivery] = (await emailOf(live, id)).deliveries
    expect(delivery?.status).toBe('deferred')
    expect(delivery?.last_reply).toMatch(/^530 /)
  })

  test('A greeting of 421 defers the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.connect = () => '421 4.3.2 Too busy'
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect((await emailOf(live, id)).deliveries[0]).toMatchObject({ status: 'deferred' })
  })

  test('A connection that is lost during a message defers the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.message = () => 'close'
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect((await emailOf(live, id)).deliveries[0]).toMatchObject({
      status: 'deferred',
      attempts: 1,
    })
    expect(sink.connections).toBe(1)
    delete sink.rules.message
    await pass(live, minuteMs)
    expect((await emailOf(live, id)).status).toBe('delivered')
  })

  test('A refused password defers the message with this reason', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = 'right'
    const { id: relay } = await addRelay(live, sink, { username: 'u', password: 'wrong' })
    const id = await submitted(live)
    await live.testServer.server.idle()
    const [delivery] = (await emailOf(live, id)).deliveries
    expect(delivery?.status).toBe('deferred')
    expect(delivery?.last_reply).toContain('535')
    await live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id: relay },
      body: { password: 'right' },
    })
    await pass(live, minuteMs)
    expect((await emailOf(live, id)).status).toBe('delivered')
  })

  test('A deleted relay defers the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    const { id: relay } = await addRelay(live, sink)
    sink.rules.message = () => '451 4.3.0 Try later'
    const id = await submitted(live)
    await live.testServer.server.idle()
    await live.testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay } })
    await pass(live, minuteMs)
    const [delivery] = (await emailOf(live, id)).deliveries
    expect(delivery).toMatchObject({ status: 'deferred', attempts: 2 })
    expect(delivery?.last_reply).toContain('No SMTP relay is configured')
  })
})

describe('A second relay', () => {
  test('The second relay is used when the first cannot be reached', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, { port: await deafPort() }, { name: 'first', priority: 1 })
    await addRelay(live, sink, { name: 'second', priority: 2 })
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect(sink.messages).toHaveLength(1)
    const email = await emailOf(live, id)
    expect(email.status).toBe('delivered')
    expect(email.deliveries[0]).toMatchObject({ relay: 'second', attempts: 1 })
    const { data } = await live.testServer.reply('GET /v1/relays')
    expect(data.map(({ name, health }) => [name, health])).toEqual([
      ['first', 'warning'],
      ['second', 'healthy'],
    ])
  })

  test('The second relay is used when the first refuses the password', async () => {
    const live = await openLiveFixture()
    const first = await openSink({ auth: true })
    first.rules.password = 'right'
    const second = await openSink()
    await addRelay(live, first, { priority: 1, username: 'u', password: 'wrong' })
    await addRelay(live, second, { priority: 2 })
    await submitted(live)
    await live.testServer.server.idle()
    expect([first.messages.length, second.messages.length]).toEqual([0, 1])
  })

  test('The second relay is not used when the first accepted the message for some recipients', async () => {
    const live = await openLiveFixture()
    const [first, second] = [await openSink(), await openSink()]
    first.rules.recipient = (address) =>
      address === 'ann@example.com' ? null : '530 5.7.0 Sign in for that one'
    await addRelay(live, first, { priority: 1 })
    await addRelay(live, second, { priority: 2 })
    const id = await submitted(live, { to: ['ann@example.com', 'bob@example.com'] })
    await live.testServer.server.idle()
    expect(second.connections).toBe(0)
    const { deliveries } = await emailOf(live, id)
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'deferred'])
  })

  test('The second relay is not used when the first refused the message', async () => {
    const live = await openLiveFixture()
    const [first, second] = [await openSink(), await openSink()]
    first.rules.recipient = () => '550 5.1.1 No such user'
    await addRelay(live, first, { priority: 1 })
    await addRelay(live, second, { priority: 2 })
    await submitted(live)
    await live.testServer.server.idle()
    expect(second.connections).toBe(0)
  })
})
