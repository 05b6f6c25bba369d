import { describe, expect, it } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { createCalls } from '../every-call.ts'
import { openFeed } from '../http/event-reader.ts'
import type { Answer, Call } from '../http-client.ts'
import { knownRoutes } from '../route-conformance.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
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

/** A view's address is itself the permission: signed, and only given to whoever may see it. */
const routes = knownRoutes.filter(
  ({ line }) => !line.includes('{ticket}') && line !== 'GET /v1/events',
)
const guarded = routes.filter(({ route }) => route.permission !== 'public')

function expectNothingOfTheirs({ text, headers }: Answer): void {
  const told = `${text} ${JSON.stringify(headers)}`
  expect(told).not.toContain(secret)
  // Nor where the installation keeps its data, and how it was started.
  expect(told).not.toContain(testServer.folder)
  expect(told).not.toContain('MAILSAGE_DATA')
}

describe.each(keys)('to a key of another tenant with %s', (_, key) => {
  it.each(routes.map(({ line }) => line))('%s tells nothing', async (line) => {
    const isNamed = line.includes('{')
    for (const call of callsOf(line)) {
      const answer = await testServer.request(line as Line, { ...call, key })
      expectNothingOfTheirs(answer)
      if (isNamed) expect([403, 404]).toContain(answer.status)
      else
        for (const id of [them.captured, them.live])
          expect(echoless(answer, call)).not.toContain(id)
    }
  })

  it('the event stream tells nothing', async () => {
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

/** What an answer says beyond what it was asked. */
const echoless = ({ text }: Answer, call: Omit<Call, 'key'>): string =>
  [...Object.values(call.query ?? {})].reduce<string>(
    (rest, word) => rest.replaceAll(`“${word}”`, ''),
    text,
  )

it('what these addresses name is really there: its owner is answered', async () => {
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

it('afterwards everything of the other tenant is as it was', async () => {
  await testServer.server.idle()
  expect(await inventory(testServer, them)).toEqual(before)
})

it('webhooks were told of their own tenant only', () => {
  expect(receiver.bodies.join()).toContain(ourWord)
  expect(receiver.bodies.join()).not.toContain(known)
  expect(them.receiver.bodies.join()).toContain(known)
  expect(them.receiver.bodies.join()).not.toContain(ourWord)
})

it('a name that the neighbour has is free', async () => {
  const body = { name: known, subject: 's', text: 't' }
  expect((await testServer.request('POST /v1/templates', { key: mine, body })).status).toBe(201)
})

it('what is the installation’s is not shown to a tenant either, whatever its key may do', async () => {
  const [, key] = keys[1]
  const routes = guarded.filter(({ route }) => route.permission === '*')
  expect(routes.length).toBeGreaterThan(8)
  for (const { line } of [...routes, { line: 'GET /v1/alerts/rules' }]) {
    const answer = await testServer.request(line as Line, { key })
    expect([line, answer.status]).toEqual([line, 403])
    expect(answer.text).toContain('Only a key that belongs to no tenant may')
  }
})

it('a tenant is not told where the installation’s relay is, nor what it said', async () => {
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

it('what is everybody’s is not for one tenant to change', async () => {
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
