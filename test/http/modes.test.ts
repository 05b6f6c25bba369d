import { describe, expect, it } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { createCalls } from '../every-call.ts'
import type { Answer, Call } from '../http-client.ts'
import { knownRoutes } from '../route-conformance.ts'
import { converse } from '../smtp/conversation.ts'
import { startSink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { openFeed } from './event-reader.ts'
import { furnishLive, liveRows, secret } from './live-mail.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const sink = await startSink()
const live = await furnishLive(testServer, clock, sink)
await testServer.makeTenant('tenant_a')

const generous = { requests_per_minute: 1_000_000 }
const narrow = permissions.filter((name) => name !== '*')
const make = (wanted: readonly (typeof permissions)[number][]) =>
  testServer.makeKey({ mode: 'test', permissions: [...wanted], rate_limit: generous })
const keys = [
  ['every permission', (await make(['*'])).key],
  ['each permission by name', (await make(narrow)).key],
  ['send', (await make(['send'])).key],
  ['relays:write', (await make(['relays:write'])).key],
  ['inbox:write', (await make(['inbox:write'])).key],
] as const
const [[, every]] = keys

const before = liveRows(testServer)
const connections = sink.connections

const draft = { name: 'mine', host: '127.0.0.1', port: sink.port, tls: 'none' } as const
const recipient = 'stranger@example.com'
const again = { ids: [live.live, live.failed, live.delivered] }
const { callsOf, content } = createCalls(
  { ...live, tenantId: 'tenant_a' },
  { known: secret, own: 'okapi' },
  {
    'POST /v1/relays': [{ body: draft }],
    'PATCH /v1/relays/{id}': [{ body: { host: 'evil.example' } }],
    'PUT /v1/relays/order': [{ body: { ids: [live.relay] } }],
    'POST /v1/relays/test': [{ body: draft }],
    'POST /v1/relays/{id}/test': [{ body: { recipient } }, { body: {} }],
    'POST /api/v1/smtp/configs': [{ body: { ...draft, username: 'a', password: 'b' } }],
    'PUT /api/v1/smtp/configs/{id}': [{ body: { host: 'evil.example' } }],
    'POST /api/v1/smtp/configs/{id}/test': [
      { body: { recipient } },
      { body: { to_email: recipient } },
    ],
    'POST /v1/outbox/retry': [{ body: again }],
    'POST /v1/inbox/{id}/release': [{ body: {} }, { body: { to: [recipient] } }],
    'POST /api/v1/emails/jobs/{id}/control': ['pause', 'resume', 'stop'].map((action) => ({
      body: { action },
    })),
    'PATCH /v1/settings': [{ body: { keep_messages: 1 } }],
    'PUT /v1/tenants/{id}': [{ body: { smtp: draft } }],
    'POST /v1/tenants': [{ body: { name: 'mine', smtp: draft } }],
    'PUT /v1/webhooks/{id}': [{ body: { url: live.receiver.url, active: true } }],
    'PATCH /v1/emails/{id}': [{ body: { scheduled_at: new Date(clock.now()).toISOString() } }],
    'GET /v1/emails': [
      { query: { to: secret } },
      { query: { status: 'scheduled' } },
      { query: { status: 'delivered' } },
      { query: { before: 'msg_zzzzzzzzzzzzzzzzzzzzzz' } },
      {},
    ],
    'GET /v1/logs': [
      { query: { email_id: live.live } },
      { query: { email_id: live.scheduled } },
      { query: { type: 'message' } },
      { query: { type: 'alert' } },
      { query: { key_id: live.keyIds[0] } },
      {},
    ],
    'GET /v1/tenants/{id}/emails': [{}],
  },
)

/** The signed URL of a view is itself the permission, and the event stream has its own test. */
const routes = knownRoutes.filter(
  ({ line, route }) =>
    !line.includes('{ticket}') && line !== 'GET /v1/events' && route.permission !== 'public',
)

/** The content of a response without the values of its request. */
function beyond({ text, headers }: Answer, call: Omit<Call, 'key'>): string {
  const asked = JSON.stringify([call.params ?? {}, call.query ?? {}, call.body ?? {}])
  const words = [...live.ids, secret].filter((word) => asked.includes(word))
  const said = `${text} ${JSON.stringify(headers)}`
  // A requested value may be quoted once, in the refusal.
  const isRefusal =
    headers['content-type']?.startsWith('application/json') && /"message"/.test(text)
  // The name of a data set is the caller's own choice.
  const isNamed = call.params !== undefined && 'name' in call.params
  const isEcho = isRefusal || isNamed || /^\{"retried":\[\],"skipped":/.test(text)
  return isEcho ? words.reduce((rest, word) => rest.replaceAll(word, ''), said) : said
}

function expectNothingLive(answer: Answer, call: Omit<Call, 'key'>): void {
  const said = beyond(answer, call)
  for (const word of [secret, ...live.ids]) expect(said).not.toContain(word)
}

describe.each(keys)('A test key with %s', (_, key) => {
  it.each(routes)(
    'The key reads no live mail by $line, and sends none',
    async ({ line, route }) => {
      for (const call of callsOf(line)) {
        const answer = await testServer.request(line as Line, { ...call, key })
        expectNothingLive(answer, call)
        if (route.mode === 'live') expect([403, 404]).toContain(answer.status)
      }
      if (!line.startsWith('GET ')) await testServer.server.idle()
      expect(sink.connections).toBe(connections)
    },
  )

  it('The key receives no live mail from the event stream', async () => {
    await testServer.request('POST /v1/send', { key: every, body: content })
    await testServer.server.idle()
    const probe = await testServer.request('GET /v1/logs', { key })
    if (probe.status === 403) return
    const last = testServer.server.domain.events.lastSeq()
    await testServer.request('POST /v1/send', { key: every, body: content })
    const feed = await openFeed(testServer.url, key, { after: 0 })
    const seen = await feed.until((events) =>
      events.some(({ seq, type }) => seq > last && type === 'captured'),
    )
    feed.close()
    const types = new Set(seen.map(({ type }) => type))
    for (const type of ['queued', 'sending', 'delivered', 'deferred', 'released', 'retried']) {
      expect(types).not.toContain(type)
    }
    const received = JSON.stringify(seen)
    for (const id of live.ids) expect(received).not.toContain(id)
  })
})

it('No count for a test key includes live mail', async () => {
  const key = every
  const { pagination } = await testServer.reply('GET /v1/emails', { key, query: { limit: 1 } })
  const { data } = await testServer.reply('GET /v1/emails', { query: { limit: 100 } })
  expect(pagination.total).toBe(data.filter(({ mode }) => mode === 'test').length)
  const usage = await testServer.reply('GET /v1/usage', { key })
  expect(usage.deliveries).toEqual({ delivered: 0, bounced: 0, deferred: 0, failed: 0 })
  const limits = (await testServer.reply('GET /v1/api-keys/limits', { key })).data
  const used = [...usage.keys, ...limits].map(({ key_id: id }) => id)
  expect(used).not.toContain(live.keyIds[0])
  const [relay] = (await testServer.reply('GET /v1/relays', { key })).data
  expect(relay).toMatchObject({ sent_today: 0, failures: 0, last_used_at: null, last_error: null })
  const alerts = (await testServer.reply('GET /v1/alerts', { key })).data
  for (const { subject } of alerts) expect([...live.keyIds, live.relay]).not.toContain(subject)
  // A live key gets the same figures.
  const all = await testServer.reply('GET /v1/usage', { key: live.key })
  expect(all.keys.map(({ key_id: id }) => id)).toContain(live.keyIds[0])
  expect(
    (await testServer.reply('GET /v1/relays', { key: live.key })).data[0]?.last_used_at,
  ).not.toBe(null)
})

it('Mail over SMTP is captured for each test key that may send', async () => {
  for (const [, key] of keys) {
    const client = await converse(testServer.server.smtpPort)
    await client.signIn('mailsage', key)
    await client.send({ raw: 'From: a@okapi.example\r\nSubject: okapi\r\n\r\nHello\r\n' })
  }
  await testServer.server.idle()
  expect(sink.connections).toBe(connections)
})

it('A live key reaches everything that these requests name', async () => {
  for (const { line } of routes.filter(({ line: each }) => each.startsWith('GET '))) {
    if (!line.includes('{') || /templates|searches|inbox|tenants|alerts/.test(line)) continue
    for (const call of callsOf(line)) {
      const answer = await testServer.request(line as Line, { ...call, key: live.key })
      expect([line, call.params, answer.status]).toEqual([line, call.params, 200])
    }
  }
})

it('Afterwards all live data is unchanged, and the relay had no connection', async () => {
  await testServer.server.idle()
  expect(liveRows(testServer, before)).toEqual(before)
  expect(sink.connections).toBe(connections)
})

it('A live key still works: a deferred message is sent', async () => {
  const sent = sink.messages.length
  const { key } = live
  await testServer.reply('POST /v1/jobs/{id}/resume', { key, params: { id: live.job } })
  await testServer.reply('POST /v1/emails/{id}/retry', { key, params: { id: live.live } })
  await testServer.server.idle()
  expect(sink.messages.length).toBeGreaterThan(sent)
})

it('Every route that changes settings of the whole installation needs a live key', () => {
  const open = routes.filter(
    ({ line, route }) =>
      (route.permission === '*' || line === 'POST /v1/tenants') &&
      !line.startsWith('GET ') &&
      route.mode !== 'live',
  )
  expect(open.map(({ line }) => line)).toEqual([])
})

it('Each route declares the mail that it concerns, also in the OpenAPI document', async () => {
  const document = await testServer.reply('GET /openapi.json', { key: null })
  const paths = document.paths as Record<string, Record<string, { readonly 'x-mode'?: string }>>
  for (const { line, route } of knownRoutes) {
    const [method = '', path = ''] = line.split(' ')
    expect([line, paths[path]?.[method.toLowerCase()]?.['x-mode']]).toEqual([line, route.mode])
  }
})
