import { describe, expect, test } from 'vitest'
import { openFaultySink } from './faulty-server.ts'
import {
  addRelay,
  emailOf,
  openLiveFixture,
  openSink,
  raw,
  storedRaw,
  submitted,
} from './live-fixture.ts'

describe('The live messages of a key', () => {
  test('A message over SMTP reaches the relay byte for byte, with its status and events', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    const { value: id, events } = await live.testServer.witness(() =>
      submitted(live, { from: 'bounces@example.com' }),
    )
    expect(sink.messages).toHaveLength(1)
    expect(sink.messages[0]).toMatchObject({
      mailFrom: 'bounces@example.com',
      rcptTo: ['ann@example.com'],
    })
    expect(sink.messages[0]?.raw.toString()).toBe(raw)
    expect(events.map(({ type }) => type)).toEqual(['queued', 'sending', 'delivered'])
    expect(events.every(({ keyId, messageId }) => keyId === live.keyId && messageId === id)).toBe(
      true,
    )
    expect(events[2]?.data).toMatchObject({
      recipient: 'ann@example.com',
      attempt: 1,
      relay: 'sink',
      next_attempt_at: null,
    })
    const email = await emailOf(live, id)
    expect(email).toMatchObject({
      status: 'delivered',
      mode: 'live',
      deliveries: [{ recipient: 'ann@example.com', status: 'delivered', attempts: 1 }],
    })
    expect(email.delivered_at).not.toBeNull()
    expect(email.deliveries[0]?.last_reply).toMatch(/^250 /)
    expect((await live.testServer.reply('GET /v1/inbox')).data).toEqual([])
  })

  test('A message is queued, and has the status sending until the relay answers', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      sink.rules.message = () => {
        resolve()
        return new Promise((settle) => {
          answer = () => settle(null)
        })
      }
    })
    const id = await submitted(live)
    await asked
    expect((await emailOf(live, id)).status).toBe('sending')
    expect(await live.testServer.reply('GET /health')).toMatchObject({ queue_depth: 1 })
    answer()
    await live.testServer.server.idle()
    expect((await emailOf(live, id)).status).toBe('delivered')
    expect(await live.testServer.reply('GET /health')).toMatchObject({
      smtp: 'connected',
      queue_depth: 0,
    })
  })

  test('A message over HTTP reaches the relay as it is stored, and Bcc is in no header', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    const { value: sent, events } = await live.testServer.witness(() =>
      live.testServer.reply('POST /v1/send', {
        key: live.key,
        body: {
          from: 'App <app@example.com>',
          to: ['ann@example.com'],
          cc: 'bob@example.com',
          bcc: 'eve@example.com',
          subject: 'Zażółć',
          text: '.dot\nGrüße',
          html: '<p>Grüße</p>',
          attachments: [
            { filename: 'a.bin', content: Buffer.from([0, 1, 255]).toString('base64') },
          ],
        },
      }),
    )
    expect(sent.status).toBe('queued')
    const recipients = ['ann@example.com', 'bob@example.com', 'eve@example.com']
    expect(sink.messages).toHaveLength(1)
    expect(sink.messages[0]?.rcptTo).toEqual(recipients)
    const received = sink.messages[0]?.raw ?? Buffer.alloc(0)
    expect(received.equals(storedRaw(live, sent.id))).toBe(true)
    expect(received.toString()).not.toContain('eve@example.com')
    const of = (wanted: string) =>
      events.filter(({ type }) => type === wanted).map(({ data }) => data.recipient)
    expect(of('sending')).toEqual(recipients)
    expect(of('delivered')).toEqual(recipients)
    expect((await emailOf(live, sent.id)).status).toBe('delivered')
  })

  test('Domains in other scripts reach the relay as ASCII, which every relay accepts', async () => {
    const live = await openLiveFixture()
    const sink = await openFaultySink()
    await addRelay(live, sink)
    await live.testServer.reply('POST /v1/send', {
      key: live.key,
      body: {
        from: 'app@bücher.example',
        to: ['ann@bücher.example', 'Bob@EXAMPLE.com'],
        subject: 'Hello',
        text: '.',
      },
    })
    await live.testServer.server.idle()
    expect(sink.envelopes).toEqual([
      'app@xn--bcher-kva.example',
      'ann@xn--bcher-kva.example',
      'Bob@EXAMPLE.com',
    ])
  })

  test('A message over HTTP to domains in other scripts has one result per recipient', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    sink.rules.recipient = (address) =>
      address.startsWith('gone@') ? '550 5.1.1 No such user' : null
    const { id } = await live.testServer.reply('POST /v1/send', {
      key: live.key,
      body: {
        from: 'app@bücher.example',
        to: ['ann@bücher.example', 'gone@bücher.example', 'Bob@EXAMPLE.com'],
        subject: 'Hello',
        text: '.',
      },
    })
    await live.testServer.server.idle()
    const { deliveries } = await emailOf(live, id)
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'bounced', 'delivered'])
  })

  test('A message of the MailSage dialect has the relay’s own sender', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink, { from_email: 'shop@example.com' })
    const { tracking_id: id } = await live.testServer.reply('POST /api/v1/emails/send', {
      key: live.key,
      body: { to: 'ann@example.com', subject: 'Hello', body: '<b>Hi</b>' },
    })
    await live.testServer.server.idle()
    expect(sink.messages[0]?.mailFrom).toBe('shop@example.com')
    expect((await emailOf(live, id)).status).toBe('delivered')
  })

  test('A message with the null sender keeps it, as a bounce must', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    await submitted(live, { from: '' })
    await live.testServer.server.idle()
    expect(sink.messages[0]?.mailFrom).toBe('')
  })

  test('Many messages at once use few connections, and each is sent exactly once', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    const { key } = await live.testServer.makeKey({
      mode: 'live',
      rate_limit: { requests_per_minute: 1000 },
    })
    await Promise.all(
      Array.from({ length: 60 }, (_, number) =>
        live.testServer.reply('POST /v1/send', {
          key,
          body: {
            from: 'app@example.com',
            to: 'ann@example.com',
            subject: `n${number}`,
            text: '.',
          },
        }),
      ),
    )
    await live.testServer.server.idle()
    const subjects = sink.messages.map(
      ({ raw: bytes }) => /^Subject: (n\d+)/m.exec(bytes.toString())?.[1],
    )
    expect(subjects).toHaveLength(60)
    expect(new Set(subjects).size).toBe(60)
    expect(sink.connections).toBeLessThanOrEqual(10)
  })
})

describe('The connection to the relay', () => {
  test('The connection signs in with the configured user name and password', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = 'a relay password'
    await addRelay(live, sink, { username: 'relay-user', password: 'a relay password' })
    await submitted(live)
    await live.testServer.server.idle()
    expect(sink.messages[0]?.user).toBe('relay-user')
  })

  test.each(['starttls', 'implicit'] as const)('The connection is encrypted by %s', async (tls) => {
    const live = await openLiveFixture()
    const sink = await openSink({ tls })
    await addRelay(live, sink, { tls, tls_verify: false })
    await submitted(live)
    await live.testServer.server.idle()
    expect(sink.messages[0]?.secure).toBe(true)
  })

  test.each(['starttls', 'implicit'] as const)(
    'The connection by %s is refused for a certificate of an unknown issuer',
    async (tls) => {
      const live = await openLiveFixture()
      const sink = await openSink({ tls })
      await addRelay(live, sink, { tls, tls_verify: true })
      const id = await submitted(live)
      await live.testServer.server.idle()
      expect(sink.messages).toEqual([])
      expect((await emailOf(live, id)).deliveries[0]).toMatchObject({ status: 'deferred' })
    },
  )

  test('The connection is never unencrypted when STARTTLS is required and not offered', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    await addRelay(live, sink, { tls: 'starttls', username: 'u', password: 'p' })
    const id = await submitted(live)
    await live.testServer.server.idle()
    expect(sink.messages).toEqual([])
    expect((await emailOf(live, id)).deliveries[0]).toMatchObject({ status: 'deferred' })
  })

  test('The connection uses new settings as soon as the relay changes', async () => {
    const live = await openLiveFixture()
    const [first, second] = [await openSink(), await openSink()]
    const { id } = await addRelay(live, first)
    await submitted(live)
    await live.testServer.server.idle()
    await live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id },
      body: { port: second.port },
    })
    await submitted(live)
    await live.testServer.server.idle()
    expect([first.messages.length, second.messages.length]).toEqual([1, 1])
  })
})
