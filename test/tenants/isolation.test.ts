import { describe, expect, it, onTestFinished } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { createCalls } from '../every-call.ts'
import { openFeed } from '../http/event-reader.ts'
import type { Answer, Call } from '../http-client.ts'
import { knownRoutes } from '../route-conformance.ts'
import { startSink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, type Line, startTestServer } from '../test-server.ts'
import { furnish, inventory, known, openReceiver, ourWord, secret } from './other-tenant.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const them = await furnish(testServer, clock, 'tenant_a')
await testServer.makeTenant('tenant_b')
const most = permissions.filter((name) => name !== '*' && !name.startsWith('tenants:'))
const generous = { requests_per_minute: 1_000_000 }
const make = (wanted: typeof most | ['*'], mode: 'live' | 'test') =>
  testServer.makeKey({ mode, permissions: wanted, tenant_id: 'tenant_b', rate_limit: generous })
const keys = [
  ['every permission but those on tenants', (await make(most, 'live')).key],
  ['every permission', (await make(['*'], 'live')).key],
  ['every permission, in test mode', (await make(['*'], 'test')).key],
] as const
const mine = keys[0][1]

const receiver = await openReceiver()
const webhook = { url: receiver.url, events: ['captured', 'queued', 'delivered'] }
await testServer.reply('POST /v1/webhooks', { key: mine, body: webhook })
const mail = { from: `a@${ourWord}.example`, to: `b@${ourWord}.example`, subject: ourWord }
const content = { ...mail, html: '<p>Hello</p>' }
await testServer.reply('POST /v1/send', { key: keys[2][1], body: content })
const before = await inventory(testServer, them)

const { callsOf } = createCalls(them, { known, own: ourWord })

/** The signed URL of a view is itself the permission. */
const routes = knownRoutes.filter(
  ({ line }) => !line.includes('{ticket}') && line !== 'GET /v1/events',
)
const guarded = routes.filter(({ route }) => route.permission !== 'public')

function expectNothingOfTheirs({ text, headers }: Answer): void {
  const revealed = `${text} ${JSON.stringify(headers)}`
  expect(revealed).not.toContain(secret)
  // The data folder and the start options are hidden too.
  expect(revealed).not.toContain(testServer.folder)
  expect(revealed).not.toContain('MAILSAGE_DATA')
}

describe.each(keys)('A key of another tenant with %s', (_, key) => {
  it.each(routes.map(({ line }) => line))(
    '%s reveals nothing of the other tenant',
    async (line) => {
      const isNamed = line.includes('{')
      for (const call of callsOf(line)) {
        const answer = await testServer.request(line as Line, { ...call, key })
        expectNothingOfTheirs(answer)
        if (isNamed) expect([403, 404]).toContain(answer.status)
        else
          for (const id of [them.captured, them.live])
            expect(echoless(answer, call)).not.toContain(id)
      }
    },
  )

  it('The event stream reveals nothing of the other tenant', async () => {
    await testServer.request('POST /v1/send', { key: keys[2][1], body: content })
    await testServer.server.idle()
    const all = await testServer.events(['captured'])
    const last = all.findLast(({ tenantId }) => tenantId === 'tenant_b')?.seq ?? 0
    const feed = await openFeed(testServer.url, key, { after: 0 })
    const seen = await feed.until((events) => events.some(({ seq }) => seq >= last))
    feed.close()
    expect(new Set(seen.map(({ tenant_id: tenant }) => tenant))).toEqual(new Set(['tenant_b']))
    expect(JSON.stringify(seen)).not.toContain(secret)
  })
})

/** The content of a response without the values of its request. */
const echoless = ({ text }: Answer, call: Omit<Call, 'key'>): string =>
  [...Object.values(call.query ?? {})].reduce<string>(
    (rest, word) => rest.replaceAll(`“${word}”`, ''),
    text,
  )

it('The owner reaches everything that these requests name', async () => {
  for (const { line } of guarded.filter(({ line: each }) => each.startsWith('GET '))) {
    if (!line.includes('{')) continue
    for (const call of callsOf(line)) {
      // Not every kind of entry has each detail; a captured message came over HTTP.
      if (line.endsWith('/transcript')) continue
      const answer = await testServer.request(line as Line, { ...call, key: them.key })
      expect([line, JSON.stringify(call.params), answer.status]).toEqual([
        line,
        JSON.stringify(call.params),
        200,
      ])
    }
  }
})

it('Afterwards everything of the other tenant is unchanged', async () => {
  await testServer.server.idle()
  expect(await inventory(testServer, them)).toEqual(before)
})

it('Webhooks received events of their own tenant only', () => {
  expect(receiver.bodies.join()).toContain(ourWord)
  expect(receiver.bodies.join()).not.toContain(known)
  expect(them.receiver.bodies.join()).toContain(known)
  expect(them.receiver.bodies.join()).not.toContain(ourWord)
})

it('A name that another tenant uses is free', async () => {
  const body = { name: known, subject: 's', text: 't' }
  expect((await testServer.request('POST /v1/templates', { key: mine, body })).status).toBe(201)
})

it('Data of the installation is hidden from every key of a tenant', async () => {
  const [, key] = keys[1]
  const routes = guarded.filter(({ route }) => route.permission === '*')
  expect(routes.length).toBeGreaterThan(8)
  for (const { line } of [...routes, { line: 'GET /v1/alerts/rules' }]) {
    const answer = await testServer.request(line as Line, { key })
    expect([line, answer.status]).toEqual([line, 403])
    expect(answer.text).toContain('Only a key that belongs to no tenant may')
  }
})

it('A tenant sees neither the address nor the replies of the installation’s relay', async () => {
  const { id } = await testServer.reply('POST /v1/relays', {
    body: { name: `${secret} relay`, host: `${secret}.invalid`, port: 1, tls: 'none' },
  })
  await testServer.request('POST /v1/relays/{id}/test', { params: { id }, body: {} })
  const ours = await testServer.reply('GET /v1/outbox/summary', { query: {} })
  expect(JSON.stringify(ours.relays)).toContain(secret)
  const theirs = await testServer.reply('GET /v1/outbox/summary', { key: keys[1][1] })
  expect(theirs.relays.unreachable).toHaveLength(1)
  expect(JSON.stringify(theirs.relays)).not.toContain(secret)
  await testServer.reply('DELETE /v1/relays/{id}', { params: { id } })
})

it('A tenant sees neither the name, the host nor the replies of the installation’s relay', async () => {
  const sink = await startSink()
  onTestFinished(sink.close)
  const relay = await testServer.reply('POST /v1/relays', {
    body: { name: `${secret} relay`, host: '127.0.0.1', port: sink.port, tls: 'none' },
  })
  sink.rules.recipient = (address) => {
    if (address.startsWith('gone')) return `550 5.1.1 ${secret}.internal knows no such user`
    return address.startsWith('late') ? `451 4.3.0 later ${secret}.internal` : null
  }
  const { key } = await make(['*'], 'live')
  const post = { url: receiver.url, events: ['delivered', 'deferred', 'bounced', 'failed'] }
  await testServer.reply('POST /v1/webhooks', { key, body: post })
  const to = ['ok@example.com', 'gone@example.com', 'late@example.com']
  const { id } = await testServer.reply('POST /v1/send', { key, body: { ...content, to } })
  const recipients = to.map((email) => ({ email }))
  const job = { recipients, subject: 's', body: 'b' }
  const { job_id } = await testServer.reply('POST /api/v1/emails/batch', { key, body: job })
  await testServer.server.idle()
  await testServer.reply('PATCH /v1/relays/{id}', {
    params: { id: relay.id },
    body: { host: `${secret}.invalid`, port: 1 },
  })
  await testServer.reply('POST /v1/send', { key, body: { ...content, to: 'down@example.com' } })
  await testServer.server.idle()
  const calls: readonly [Line, string | number, object?][] = [
    ['GET /v1/outbox', ''],
    ['GET /v1/outbox/summary', ''],
    ['GET /v1/emails/{id}', id],
    ['GET /v1/jobs/{id}/deliveries', job_id],
    ['GET /api/v1/emails/jobs/{id}/deliveries', job_id],
    ['GET /v1/logs', '', { email_id: id }],
    ['GET /v1/logs', ''],
    ['POST /v1/test-smtp', ''],
  ]
  for (const [line, name, query = {}] of calls) {
    const answer = await testServer.request(line, {
      key,
      params: { id: name },
      query: { ...query } as Record<string, string>,
    })
    expect([line, answer.text.includes(secret)]).toEqual([line, false])
    expect([line, answer.text.includes('127.0.0.1:')]).toEqual([line, false])
  }
  const found = await testServer.reply('GET /v1/logs', { key, query: { text: secret } })
  expect(found.data.filter(({ type }) => type === 'message')).toEqual([])
  const { deliveries } = await testServer.reply('GET /v1/emails/{id}', { key, params: { id } })
  expect(deliveries.map(({ relay, last_reply }) => [relay, last_reply?.slice(0, 9)])).toEqual([
    ['Relay of the installation', expect.stringMatching(/^250/)],
    ['Relay of the installation', '550 5.1.1'],
    ['Relay of the installation', '451 4.3.0'],
  ])
  const ours = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
  expect(ours.deliveries[1]?.last_reply).toContain(`${secret}.internal`)
  const feed = await openFeed(testServer.url, key, { after: 0 })
  const last = testServer.server.domain.events.lastSeq()
  await testServer.request('POST /v1/send', { key: keys[2][1], body: content })
  const seen = await feed.until((events) =>
    events.some(({ seq, type }) => seq > last && type === 'captured'),
  )
  feed.close()
  expect(seen.some(({ type }) => type === 'bounced')).toBe(true)
  expect(JSON.stringify(seen)).not.toContain(secret)
  await eventually(() => receiver.bodies.some((body) => body.includes('bounced')) || undefined)
  expect(receiver.bodies.join()).not.toContain(secret)
  await testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay.id } })
})

it('No key of a tenant changes the installation', async () => {
  const [, key] = keys[1]
  const forbidden = [
    ['PATCH /v1/settings', { plan: 'free' }],
    ['GET /v1/storage', {}],
    ['GET /v1/backup', {}],
    ['DELETE /v1/restore', {}],
    ['POST /v1/storage/tidy', {}],
    ['PATCH /v1/alerts/rules', { key_idle: null }],
    ['POST /v1/tenants', { name: 'x' }],
    ['PUT /v1/tenants/{id}', { rate_limit: null }],
    ['DELETE /v1/tenants/{id}', {}],
  ] as const
  for (const [line, body] of forbidden) {
    const answer = await testServer.request(line, { key, params: { id: 'tenant_b' }, body })
    expect([line, answer.status]).toEqual([line, 403])
  }
})
