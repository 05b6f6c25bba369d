import { afterAll, describe, expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const sink = await startSink()
afterAll(sink.close)
sink.rules.recipient = (address) => {
  if (address.startsWith('gone')) return '550 5.1.1 No such user'
  return address.startsWith('busy') ? '451 4.2.2 Mailbox full' : null
}
const relay = await testServer.reply('POST /v1/relays', {
  body: { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' },
})
const shop = await testServer.makeKey({
  name: 'Shop',
  mode: 'live',
  permissions: ['send', 'logs:read'],
})
const news = await testServer.makeKey({ name: 'News', mode: 'live', permissions: ['send'] })
const tester = await testServer.makeKey({ permissions: ['send', 'logs:read'] })

async function send(subject: string, to: string | string[], more: object = {}, key = shop.key) {
  clock.advance(1000)
  const body = { from: 'Shop <shop@example.com>', to, subject, text: 'Grüße', ...more }
  const { id } = await testServer.reply('POST /v1/send', { key, body })
  await testServer.server.idle()
  return id
}

const captured = await send('Captured', 'ann@example.com', {}, tester.key)
const delivered = await send('Delivered', ['Ann <ann@example.com>', 'bob@example.com'])
const bounced = await send('Bounced', 'gone@example.com', {}, news.key)
const deferred = await send('100% late', ['ann@example.com', 'busy@example.com'])
const scheduledAt = '2026-02-01T09:00:00.000Z'
const scheduled = await send('Scheduled', 'ann@example.com', { scheduled_at: scheduledAt })
const cancelled = await send('Cancelled', 'ann@example.com', { scheduled_at: scheduledAt })
await testServer.reply('POST /v1/emails/{id}/cancel', { params: { id: cancelled } })

const list = (query = {}, key = shop.key) => testServer.reply('GET /v1/outbox', { key, query })
const ids = async (query = {}) => (await list(query)).data.map(({ id }) => id)

describe('GET /v1/outbox', () => {
  it('The outbox lists live messages newest first with their status, and scheduled messages', async () => {
    const page = await list()
    expect(page.data.map(({ id }) => id)).toEqual([deferred, bounced, delivered])
    expect(page.data[0]).toEqual({
      id: deferred,
      position: expect.any(Number),
      status: 'queued',
      from: 'Shop <shop@example.com>',
      to: ['ann@example.com', 'busy@example.com'],
      subject: '100% late',
      recipients: 2,
      delivered: 1,
      deferred: 1,
      failed: 0,
      relay: 'sink',
      last_reply: expect.stringContaining('4.2.2'),
      next_attempt_at: expect.any(String),
      key_id: shop.id,
      key_name: 'Shop',
      created_at: expect.any(String),
      scheduled_at: null,
    })
    expect(page.scheduled).toMatchObject([
      { id: scheduled, position: null, status: 'scheduled', scheduled_at: scheduledAt },
    ])
    expect(page).toMatchObject({ has_more: false, next_before: null })
  })

  it('The outbox is filtered by status', async () => {
    expect(await ids({ status: 'waiting' })).toEqual([deferred])
    expect(await ids({ status: 'delivered' })).toEqual([delivered])
    expect(await ids({ status: 'bounced' })).toEqual([bounced])
    expect(await ids({ status: 'failed' })).toEqual([])
    const waiting = await list({ status: 'scheduled' })
    expect([waiting.data, waiting.scheduled.map(({ id }) => id)]).toEqual([[], [scheduled]])
    const gone = await list({ status: 'cancelled' })
    expect(gone.scheduled.map(({ id }) => id)).toEqual([cancelled])
  })

  it('The outbox is filtered by key, and by literal text in an address or the subject', async () => {
    expect(await ids({ key_id: news.id })).toEqual([bounced])
    expect(await ids({ key_id: 'key_nobody' })).toEqual([])
    expect(await ids({ query: 'BOB@' })).toEqual([delivered])
    expect(await ids({ query: '100%' })).toEqual([deferred])
    expect(await ids({ query: '%' })).toEqual([deferred])
    const found = await list({ query: 'schedul', key_id: shop.id })
    expect(found.scheduled.map(({ id }) => id)).toEqual([scheduled])
    expect((await list({ key_id: news.id })).scheduled).toEqual([])
  })

  it('The outbox is paged by cursor, and returns later messages or the given ones', async () => {
    const first = await list({ limit: 2 })
    expect(first).toMatchObject({ has_more: true })
    expect(first.data.map(({ id }) => id)).toEqual([deferred, bounced])
    const second = await list({ limit: 2, before: first.next_before })
    expect(second.data.map(({ id }) => id)).toEqual([delivered])
    expect([second.scheduled, second.has_more]).toEqual([[], false])
    const { data } = await list({ after: second.data[0]?.position })
    expect(data.map(({ id }) => id)).toEqual([deferred, bounced])
    expect(await ids({ ids: `${bounced},${captured},msg_x` })).toEqual([bounced])
  })

  describe('A list with more scheduled messages than a page holds', () => {
    async function manyScheduled() {
      const ownClock = createTestClock()
      const other = await startTestServer({ environment: { clock: ownClock } })
      await other.reply('POST /v1/relays', {
        body: { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' },
      })
      const { key } = await other.makeKey({ mode: 'live', permissions: ['send', 'logs:read'] })
      const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
      const sent = await Promise.all(
        Array.from({ length: 205 }, async (_, index) => {
          const scheduled_at = new Date(
            Date.parse(scheduledAt) + (index % 7) * 60_000,
          ).toISOString()
          return (await other.reply('POST /v1/send', { key, body: { ...body, scheduled_at } })).id
        }),
      )
      const read = (query = {}) =>
        other.reply('GET /v1/outbox', { query: { status: 'scheduled', ...query } })
      return { other, ownClock, sent, read, first: await read() }
    }

    it('The cursor continues without a duplicate or a gap', async () => {
      const { sent, read, first } = await manyScheduled()
      expect(first.scheduled).toHaveLength(200)
      const rest = await read({ scheduled_after: first.next_scheduled })
      expect([rest.data, rest.scheduled.length, rest.next_scheduled]).toEqual([[], 5, null])
      const found = [...first.scheduled, ...rest.scheduled]
      expect(found.map(({ id }) => id).toSorted()).toEqual(sent.toSorted())
      const times = found.map(({ scheduled_at: at }) => at)
      expect(times).toEqual(times.toSorted())
    })

    it('The cursor continues after the last message of a page is sent', async () => {
      const { other, ownClock, read, first } = await manyScheduled()
      const id = first.scheduled.at(-1)?.id ?? ''
      const rest = await read({ scheduled_after: first.next_scheduled })
      const scheduled_at = new Date(ownClock.now() + 60_000).toISOString()
      await other.reply('PATCH /v1/emails/{id}', {
        params: { id },
        body: { scheduled_at },
      })
      ownClock.advance(61_000)
      await other.events(['delivered'])
      expect((await other.reply('GET /v1/emails/{id}', { params: { id } })).status).toBe(
        'delivered',
      )
      expect(await read({ scheduled_after: first.next_scheduled })).toEqual(rest)
      expect(rest.scheduled).toHaveLength(5)
    })
  })

  it.each([
    'status=lost',
    'limit=0',
    'limit=101',
    'before=x',
    'scheduled_after=x',
    `query=${'x'.repeat(201)}`,
  ])('The outbox refuses %s', async (query) => {
    expectRefusal(await testServer.ask('GET', `/v1/outbox?${query}`), 'invalid_parameter')
  })

  it('A tenant sees only its own outbox', async () => {
    await testServer.makeTenant('tenant_acme')
    const { key } = await testServer.makeKey({
      mode: 'live',
      permissions: ['send', 'logs:read'],
      tenant_id: 'tenant_acme',
    })
    expect(await list({}, key)).toMatchObject({ data: [], scheduled: [] })
    expect((await list({ ids: delivered }, key)).data).toEqual([])
    const summary = await testServer.reply('GET /v1/outbox/summary', { key })
    expect(summary).toMatchObject({
      counts: { waiting: 0, delivered: 0, bounced: 0, failed: 0, scheduled: 0, cancelled: 0 },
      queue: { waiting: 0, sending: 0, deferred: 0, oldest_at: null },
      delivered_today: 0,
    })
  })
})

describe('GET /v1/outbox/summary', () => {
  it('The summary counts messages by status, queued recipients, and mail sent today', async () => {
    const { data } = await list({ ids: deferred })
    expect(await testServer.reply('GET /v1/outbox/summary', { key: shop.key })).toEqual({
      counts: { waiting: 1, delivered: 1, bounced: 1, failed: 0, scheduled: 1, cancelled: 1 },
      queue: {
        waiting: 0,
        sending: 0,
        deferred: 1,
        oldest_at: data[0]?.created_at,
        next_attempt_at: data[0]?.next_attempt_at,
      },
      held_by_restore: 0,
      delivered_today: 3,
      relays: { configured: 1, unreachable: [] },
    })
    const since = new Date(clock.now() + 60_000).toISOString()
    const later = await testServer.reply('GET /v1/outbox/summary', { query: { since } })
    expect(later.delivered_today).toBe(0)
    expectRefusal(
      await testServer.request('GET /v1/outbox/summary', { query: { since: 'today' } }),
      'invalid_parameter',
    )
  })

  it('The summary names an unreachable relay', async () => {
    sink.rules.connect = () => '421 4.3.2 Closed'
    await testServer.request('POST /v1/relays/{id}/test', { params: { id: relay.id } })
    delete sink.rules.connect
    const { relays } = await testServer.reply('GET /v1/outbox/summary')
    expect(relays).toMatchObject({
      configured: 1,
      unreachable: [{ id: relay.id, name: 'sink', last_error: expect.stringContaining('421') }],
    })
  })
})

describe('The content of a live email', () => {
  const lines = ['raw', 'headers', 'content', 'text'] as const
  const read = (id: string, line: (typeof lines)[number]) =>
    testServer.request(`GET /v1/emails/{id}/${line}`, { key: shop.key, params: { id } })
  const view = (id: string, key = shop.key, body = {}) =>
    testServer.request('POST /v1/emails/{id}/view', { key, params: { id }, body })
  const attachment = (id: string, n: number, key = shop.key) =>
    testServer.request('GET /v1/emails/{id}/attachments/{n}', { key, params: { id, n } })
  const address = async (answer: ReturnType<typeof view>) =>
    ((await answer).body as { readonly url: string }).url
  const logo = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64')
  const rich = {
    html: '<p>In <b>colour</b></p><img src="cid:logo@shop"><img src="https://elsewhere.example/a">',
    attachments: [
      {
        filename: 'logo.gif',
        content: logo.toString('base64'),
        content_type: 'image/gif',
        content_id: 'logo@shop',
      },
    ],
  }

  it('The exact bytes of a live email are returned, also while it is scheduled', async () => {
    const answer = await read(delivered, 'raw')
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="${delivered}.eml"`)
    expect(answer.text.replaceAll('\r\n', '\n')).toBe(
      sink.messages[0]?.raw.toString().replaceAll('\r\n', '\n'),
    )
    expect((await read(scheduled, 'raw')).text).toContain('Subject: Scheduled')
  })

  it('The headers are returned decoded, in their order', async () => {
    const { body } = await read(delivered, 'headers')
    const { data } = body as { data: { name: string; value: string }[] }
    expect(data.find(({ name }) => name === 'Subject')?.value).toBe('Delivered')
  })

  it('The text is the text part, or is derived from the HTML part', async () => {
    expect((await read(delivered, 'text')).text.trim()).toBe('Grüße')
    expect((await read(scheduled, 'text')).text.trim()).toBe('Grüße')
    const id = await send('Without text', 'ann@example.com', { text: undefined, ...rich })
    expect((await read(id, 'text')).text).toContain('In colour')
  })

  it.each([
    ['sent', {}],
    ['scheduled', { scheduled_at: scheduledAt }],
  ])('A live email that is %s is shown with its images, like a captured one', async (_, more) => {
    const id = await send('Rich', 'ann@example.com', { ...rich, ...more })
    expect((await read(id, 'content')).body).toEqual({
      has_html: true,
      has_text: true,
      attachment_list: [
        {
          index: 0,
          filename: 'logo.gif',
          content_type: 'image/gif',
          content_id: 'logo@shop',
          inline: true,
          size_bytes: logo.length,
        },
      ],
    })
    expect((await attachment(id, 0)).bytes).toEqual(logo)
    expectRefusal(await attachment(id, 1), 'not_found')

    const answer = await view(id)
    expect(answer.body).toMatchObject({
      remote_content: true,
      remote_hosts: ['elsewhere.example'],
    })
    const url = await address(view(id))
    const page = await testServer.ask('GET', url, { key: null })
    expect(page.text).toContain('<p>In <b>colour</b></p>')
    expect(page.headers['content-security-policy']).toContain("img-src 'self' data:;")
    const [, image = ''] = /src="(\/view\/[^"]+)"/.exec(page.text) ?? []
    expect((await testServer.ask('GET', image, { key: null })).bytes).toEqual(logo)
    const open = await address(view(id, shop.key, { remote_content: true, scheme: 'forced' }))
    const opened = await testServer.ask('GET', open, { key: null })
    expect(opened.headers['content-security-policy']).toContain("img-src 'self' data: http: https:")
    expect(opened.text).toContain('invert')
  })

  it('A live email without HTML has no HTML view', async () => {
    expect((await read(delivered, 'content')).body).toMatchObject({ has_html: false })
    expectRefusal(await view(delivered), 'not_found')
  })

  it('The content needs a key of the same tenant with logs:read', async () => {
    const id = await send('Private', 'ann@example.com', rich)
    await testServer.makeTenant('tenant_other')
    const stranger = await testServer.makeKey({
      mode: 'live',
      permissions: ['logs:read'],
      tenant_id: 'tenant_other',
    })
    expectRefusal(await view(id, stranger.key), 'not_found')
    expectRefusal(await attachment(id, 0, stranger.key), 'not_found')
    expectRefusal(await view(id, news.key), 'insufficient_permissions')
    expectRefusal(await attachment(id, 0, news.key), 'insufficient_permissions')
    const reader = await testServer.makeKey({ permissions: ['inbox:read'] })
    const inbox = { key: reader.key, params: { id }, body: {} }
    expectRefusal(await testServer.request('POST /v1/inbox/{id}/view', inbox), 'not_found')
  })

  it('The content of a captured or unknown message is not found', async () => {
    for (const line of lines) {
      expect(expectRefusal(await read(captured, line), 'not_found')).toContain('/v1/inbox/')
      expectRefusal(await read('msg_nothing', line), 'not_found')
    }
    expectRefusal(await view(captured), 'not_found')
  })
})
