import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { payloadsOf } from '../../src-main/domain/webhooks/payloads.ts'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { openSink } from '../delivery/live-fixture.ts'
import { only } from './receiver.ts'
import {
  addWebhook,
  logsOf,
  minuteMs,
  openReceiver,
  openWebhookFixture,
  pass,
  secret,
  send,
  type WebhookFixture,
} from './webhook-fixture.ts'

/** The Python receiver of SelfMX's documentation: it signs the raw body. */
const python = `
import hashlib, hmac, sys
secret, signature = sys.argv[1], sys.argv[2]
payload = sys.stdin.buffer.read().decode()
expected = 'sha256=' + hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
print(hmac.compare_digest(signature, expected))
`

/** The JavaScript receiver: it signs the parsed and restored body. */
function isSignedForNode(signature: unknown, body: unknown, key: string): boolean {
  const digest = createHmac('sha256', key).update(JSON.stringify(body)).digest('hex')
  return signature === `sha256=${digest}`
}

async function liveKey({ testServer }: WebhookFixture, sink: { readonly port: number }) {
  await testServer.reply('POST /v1/relays', {
    body: { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none' },
  })
  return (await testServer.makeKey({ mode: 'live', permissions: ['send'] })).key
}

describe('The events of a webhook', () => {
  it('A webhook gets a captured message as compact JSON with all headers', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const webhook = await addWebhook(here, `${receiver.url}?from=mailsage`)
    const { id } = await send(here)
    await receiver.received(1)
    const [hook] = receiver.hooks
    expect(hook?.body).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{24}$/),
      type: 'captured',
      created_at: '2026-01-15T10:30:00.000Z',
      data: {
        email_id: id,
        from: 'app@example.com',
        to: 'ann@example.com',
        subject: 'Hello',
        inbox: 'default',
      },
    })
    expect(hook?.raw.toString()).toBe(JSON.stringify(hook?.body))
    expect(Object.keys(hook?.body ?? {})).toEqual(['id', 'type', 'created_at', 'data'])
    expect(hook).toMatchObject({
      method: 'POST',
      path: '/hook?from=mailsage',
      headers: {
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^MailSage-Webhook\/\d/),
        'x-webhook-id': webhook.id,
        'x-webhook-timestamp': String(Date.parse('2026-01-15T10:30:00Z') / 1000),
        'x-mailsage-event': 'captured',
        'x-webhook-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
      },
    })
    expect(hook?.headers).not.toHaveProperty('authorization')
  })

  it('A webhook gets an event per recipient, including Bcc, each with its own id', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    await addWebhook(here, receiver.url)
    await here.testServer.reply('POST /v1/send', {
      key: here.key,
      body: {
        from: 'app@example.com',
        to: ['ann@example.com', 'bob@example.com'],
        bcc: 'eve@example.com',
        subject: 'x',
        text: 'x',
      },
    })
    await here.testServer.server.idle()
    expect(receiver.hooks.map(({ body }) => body.data.to).toSorted()).toEqual([
      'ann@example.com',
      'bob@example.com',
      'eve@example.com',
    ])
    expect(new Set(receiver.hooks.map(({ body }) => body.id)).size).toBe(3)
  })

  it('A webhook gets an event for each of a thousand recipients', { timeout: 60_000 }, async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    await addWebhook(here, receiver.url)
    const to = Array.from({ length: 1000 }, (_, index) => `person${index}@example.com`)
    await send(here, { to })
    await here.testServer.server.idle()
    expect(new Set(receiver.hooks.map(({ body }) => body.data.to))).toEqual(new Set(to))
    expect(receiver.hooks).toHaveLength(1000)
  })

  it('A webhook gets queued, sending, delivered, bounced and deferred for live mail', async () => {
    const here = await openWebhookFixture()
    const [receiver, sink] = [await openReceiver(), await openSink()]
    const key = await liveKey(here, sink)
    const events = ['queued', 'sending', 'delivered', 'bounced', 'deferred', 'failed']
    await addWebhook(here, receiver.url, { events })
    sink.rules.recipient = (address) => {
      if (address === 'gone@example.com') return '550 5.1.1 User unknown'
      return address === 'busy@example.com' ? '451 4.2.0 Mailbox busy' : null
    }
    const to = ['ann@example.com', 'gone@example.com', 'busy@example.com']
    const { id } = await send(here, { to, subject: 'Order ✓' }, key)
    await here.testServer.server.idle()
    const postedFor = (address: string) =>
      receiver.hooks.filter(({ body }) => body.data.to === address).map(({ body }) => body.type)
    expect(postedFor('ann@example.com').toSorted()).toEqual(['delivered', 'queued', 'sending'])
    const base = { email_id: id, from: 'app@example.com', subject: 'Order ✓' }
    expect(only(receiver, 'delivered').body.data).toEqual({
      ...base,
      to: 'ann@example.com',
      delivered_at: '2026-01-15T10:30:00.000Z',
      smtp_response: expect.stringMatching(/^250 /),
    })
    expect(only(receiver, 'bounced').body.data).toEqual({
      ...base,
      to: 'gone@example.com',
      bounce_type: 'hard',
      bounce_code: '550',
      bounce_message: 'User unknown',
    })
    expect(only(receiver, 'deferred').body.data).toEqual({
      ...base,
      to: 'busy@example.com',
      attempt: 1,
      reason: expect.stringContaining('Mailbox busy'),
      next_attempt_at: '2026-01-15T10:31:00.000Z',
    })
    for (const minutes of [1, 5, 30, 120, 360]) await pass(here, minutes * minuteMs)
    expect(only(receiver, 'failed').body.data).toEqual({
      ...base,
      to: 'busy@example.com',
      attempt: 6,
      reason: expect.stringContaining('Mailbox busy'),
    })
  })

  it('A webhook gets the failure of a scheduled message', async () => {
    const here = await openWebhookFixture()
    const [receiver, sink] = [await openReceiver(), await openSink()]
    const key = await liveKey(here, sink)
    await addWebhook(here, receiver.url, { events: ['failed'] })
    const { id } = await here.testServer.reply('POST /v1/send', {
      key,
      body: {
        from: 'app@example.com',
        to: 'ann@example.com',
        subject: 'Later',
        text: 'x',
        scheduled_at: '2026-01-15T11:30:00Z',
      },
    })
    const [relay] = (await here.testServer.reply('GET /v1/relays')).data
    await here.testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay?.id ?? '' } })
    await pass(here, 60 * minuteMs)
    await receiver.received(1)
    expect(receiver.hooks[0]?.body.data).toEqual({
      email_id: id,
      from: 'app@example.com',
      to: 'ann@example.com',
      subject: null,
      reason: 'relay_not_configured',
    })
  })

  it('A webhook gets alerts with their figures', () => {
    const data = { rule: 'bounce_rate', severity: 'warning', figures: { percent: 6 } }
    const event = { seq: 7, at: Date.parse('2026-01-15T10:30:00Z'), type: 'alert' as const }
    const stored = { ...event, keyId: null, tenantId: null, messageId: null, data }
    const [made, ...others] = payloadsOf(stored, 'alert', null)
    expect(others).toEqual([])
    expect(JSON.parse(made?.payload ?? '')).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'alert',
      created_at: '2026-01-15T10:30:00.000Z',
      data,
    })
    expect([...payloadsOf(stored, 'alert', null)]).toEqual([made])
  })

  it('A webhook gets only its subscribed events', async () => {
    const here = await openWebhookFixture()
    const [all, none] = [await openReceiver(), await openReceiver()]
    await addWebhook(here, all.url)
    await addWebhook(here, none.url, { events: ['delivered', 'opened', 'clicked', 'complained'] })
    await send(here)
    await here.testServer.server.idle()
    expect([all.types(), none.types()]).toEqual([['captured'], []])
  })

  it('A webhook gets no events from before it existed or while it was inactive', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    await send(here, { subject: 'before' })
    const { id } = await addWebhook(here, receiver.url)
    await send(here, { subject: 'on' })
    await here.testServer.server.idle()
    const turn = (active: boolean) =>
      here.testServer.reply('PUT /v1/webhooks/{id}', { params: { id }, body: { active } })
    await turn(false)
    await send(here, { subject: 'off' })
    await here.testServer.server.idle()
    await turn(true)
    await send(here, { subject: 'on again' })
    await here.testServer.server.idle()
    expect(receiver.hooks.map(({ body }) => body.data.subject)).toEqual(['on', 'on again'])
  })

  it('A tenant’s webhook gets events of its tenant; one without a tenant gets all', async () => {
    const here = await openWebhookFixture()
    const [ours, everybodys] = [await openReceiver(), await openReceiver()]
    const tenant = async (id: string) => {
      await here.testServer.reply('POST /v1/tenants', { body: { id, name: id } })
      return (await here.testServer.makeKey({ permissions: ['*'], tenant_id: id })).key
    }
    const [a, b] = [await tenant('tenant_a'), await tenant('tenant_b')]
    await addWebhook(here, ours.url, {}, a)
    await addWebhook(here, everybodys.url)
    await send(here, { subject: 'a' }, a)
    await send(here, { subject: 'b' }, b)
    await send(here, { subject: 'nobody’s' })
    await here.testServer.server.idle()
    expect(ours.hooks.map(({ body }) => body.data.subject)).toEqual(['a'])
    expect(everybodys.hooks.map(({ body }) => body.data.subject).toSorted()).toEqual([
      'a',
      'b',
      'nobody’s',
    ])
  })
})

describe('A signature', () => {
  it('Receivers in JavaScript and Python verify the signature for any subject', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    await addWebhook(here, receiver.url, { secret: 'schlüssel 🔑' })
    const subjects = ['plain', 'Grüße ✓ 日本', '"quoted" \\ </script>', 'one/two', '\u2028 line']
    for (const subject of subjects) await send(here, { subject })
    await here.testServer.server.idle()
    expect(receiver.hooks).toHaveLength(subjects.length)
    for (const { headers, body, raw } of receiver.hooks) {
      const signature = String(headers['x-webhook-signature'])
      expect(isSignedForNode(signature, body, 'schlüssel 🔑')).toBe(true)
      const args = ['-c', python, 'schlüssel 🔑', signature]
      expect(execFileSync('python3', args, { input: raw, encoding: 'utf8' }).trim()).toBe('True')
    }
  })

  it('A new secret signs the next posts', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    await here.testServer.server.idle()
    const { secret: made } = await here.testServer.reply('PUT /v1/webhooks/{id}', {
      params: { id },
      body: { secret: null },
    })
    expect(made).toMatch(/^whsec_[0-9A-Za-z]{32}$/)
    await send(here)
    await here.testServer.server.idle()
    const signed = (key: string) =>
      receiver.hooks.map(({ headers, body }) =>
        isSignedForNode(headers['x-webhook-signature'], body, key),
      )
    expect(signed(secret)).toEqual([true, false])
    expect(signed(made ?? '')).toEqual([false, true])
  })
})

it('A deleted message sends no event, and the others do', async () => {
  const here = await openWebhookFixture()
  const receiver = await openReceiver()
  const { id } = await addWebhook(here, receiver.url)
  await send(here, { subject: 'stays' })
  await here.testServer.reply('DELETE /v1/inbox')
  await send(here, { subject: 'and this' })
  const { data } = await logsOf(here, id)
  expect(data.at(0)?.payload).toMatchObject({ data: { subject: 'and this' } })
})

it('Without an active webhook, the event log has no cursor, so retention can delete old events', async () => {
  const here = await openWebhookFixture()
  const receiver = await openReceiver()
  const isFollowed = () => {
    const database = openReadOnly(here.testServer.folder)
    try {
      return database.prepare("SELECT 1 FROM cursors WHERE follower = 'webhooks'").all().length > 0
    } finally {
      database.close()
    }
  }
  const first = await addWebhook(here, receiver.url)
  await send(here)
  await here.testServer.server.idle()
  expect(isFollowed()).toBe(true)
  await here.testServer.reply('DELETE /v1/webhooks/{id}', { params: { id: first.id } })
  await send(here)
  await here.testServer.server.idle()
  expect(isFollowed()).toBe(false)
  await addWebhook(here, receiver.url)
  await send(here, { subject: 'to the second' })
  await here.testServer.server.idle()
  expect(receiver.hooks.map(({ body }) => body.data.subject)).toEqual(['Hello', 'to the second'])
})
