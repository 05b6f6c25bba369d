import { describe, expect, it } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { knownRoutes } from '../declared.ts'
import type { Answer, Call } from '../exchange.ts'
import { type Line, openHouse } from '../harness.ts'
import { readEvents } from '../http/event-reader.ts'
import { createTestClock } from '../test-clock.ts'
import { furnish, inventory, known, openReceiver, ourWord, secret } from './neighbour.ts'

const clock = createTestClock()
const house = await openHouse({ outside: { clock } })
const them = await furnish(house, clock, 'tenant_a')
await house.makeTenant('tenant_b')
const most = permissions.filter((name) => name !== '*' && !name.startsWith('tenants:'))
const generous = { requests_per_minute: 1_000_000 }
const make = (wanted: typeof most | ['*'], mode: 'live' | 'test') =>
  house.makeKey({ mode, permissions: wanted, tenant_id: 'tenant_b', rate_limit: generous })
const keys = [
  ['every permission but those on tenants', (await make(most, 'live')).key],
  ['every permission', (await make(['*'], 'live')).key],
  ['every permission, in test mode', (await make(['*'], 'test')).key],
] as const
const mine = keys[0][1]

const receiver = await openReceiver()
const webhook = { url: receiver.url, events: ['captured', 'queued', 'delivered'] }
await house.reply('POST /v1/webhooks', { key: mine, body: webhook })
const mail = { from: `a@${ourWord}.example`, to: `b@${ourWord}.example`, subject: ourWord }
const content = { ...mail, html: '<p>Hello</p>' }
await house.reply('POST /v1/send', { key: keys[2][1], body: content })
const before = await inventory(house, them)

const ids = (...values: (string | number)[]) => values.map((id) => ({ id }))
const emails = ids(them.captured, them.live, them.scheduled)
const templates = ids(them.template, them.templateNumber, known)
const versions = templates.map((params) => ({ ...params, n: 1, name: known }))
const compare = { query: { version1: 1, version2: 2 } }

/** What a neighbour's things are called at the addresses that name one; longest beginning counts. */
const named: Readonly<Record<string, readonly NonNullable<Call['params']>[]>> = {
  '/v1/inbox/{id}': [{ id: them.captured, n: 0 }],
  '/v1/inbox/{id}/parts/{path}': [{ id: them.captured, path: '1' }],
  '/v1/emails/{id}': emails,
  // What was captured is read at /v1/inbox.
  '/v1/emails/{id}/raw': ids(them.live, them.scheduled),
  '/v1/emails/{id}/headers': ids(them.live, them.scheduled),
  '/v1/emails/{id}/content': ids(them.live, them.scheduled),
  '/v1/emails/{id}/text': ids(them.live, them.scheduled),
  '/v1/emails/{id}/attachments/{n}': ids(them.live, them.scheduled).map((id) => ({ ...id, n: 0 })),
  '/v1/api-keys/{id}': ids(...them.keyIds),
  '/api/v1/api-keys/{id}': ids(...them.keyNumbers),
  '/v1/templates/{id}': versions,
  '/api/v1/templates/{id}': versions,
  '/v1/webhooks/{id}': [{ id: them.webhook, log: them.log }],
  '/v1/searches/{id}': ids(them.search),
  '/v1/relays/{id}': ids(them.relay),
  '/api/v1/smtp/configs/{id}': ids(them.relayNumber),
  '/api/v1/emails/jobs/{id}': ids(them.job),
  '/v1/jobs/{id}': ids(them.job),
  '/v1/tenants/{id}': ids(them.tenantId),
  '/v1/logs/{id}': ids(...them.logEntries.slice(0, 5)),
  '/v1/alerts/{id}': ids(...them.alerts),
  // The documentation is the same for everybody.
  '/docs/{file}': [],
}

/** The bodies and queries that a request needs to get past the check of its form. */
const calls: Readonly<Record<string, readonly Omit<Call, 'params' | 'key'>[]>> = {
  'PATCH /v1/inbox/{id}': [{ body: { read: true } }],
  'PATCH /v1/emails/{id}': [{ body: { scheduled_at: '2026-12-01T00:00:00Z' } }],
  'GET /v1/templates/{id}/compare': [compare],
  'PUT /v1/templates/{id}/samples/{name}': [{ body: { data: { word: ourWord } } }],
  'POST /v1/templates/{id}/capture': [{ body: { from: mail.from, to: mail.to } }],
  'GET /api/v1/templates/{id}/versions/compare': [compare],
  'POST /api/v1/smtp/configs/{id}/test': [{ body: { recipient: 'a@example.com' } }],
  'POST /api/v1/emails/jobs/{id}/control': [{ body: { action: 'stop' } }],
  'POST /v1/tenants/{id}/api-keys': [{ body: { name: 'mine' } }],

  'GET /v1/inbox': [{ query: { query: known } }, { query: { inbox: 'default' } }, {}],
  'GET /v1/inbox/wait': [
    { query: { timeout: 0, after: them.captured } },
    { query: { timeout: 0, subject: known } },
  ],
  'GET /v1/outbox': [
    { query: { ids: them.live } },
    { query: { query: known } },
    { query: { status: 'scheduled' } },
    {},
  ],
  'POST /v1/outbox/retry': [{ body: { ids: ['msg_unknown'] } }],
  'GET /v1/emails': [{ query: { to: known } }, { query: { status: 'scheduled' } }, {}],
  'GET /v1/logs': [
    { query: { email_id: them.captured } },
    { query: { email_id: them.live } },
    { query: { type: 'junk' } },
    { query: { key_id: them.keyIds[0] } },
    {},
  ],
  'GET /v1/usage': [
    { query: { key_id: them.keyIds[0] } },
    { query: { tenant_id: them.tenantId } },
    {},
  ],
  'GET /v1/templates': [{ query: { search: known } }, {}],
  'GET /api/v1/emails/jobs': [{ query: { campaign_id: known } }, {}],
  'PATCH /v1/inbox': [
    { body: { read: true, add_tags: ['x'] } },
    { body: { read: true, ids: [them.captured] } },
  ],
  'DELETE /v1/inbox': [{ query: { inbox: 'default' } }],
  'POST /v1/inbox/export': [{ body: {} }, { body: { ids: [them.captured] } }],
  'POST /v1/inbox/delete': [{ body: { ids: [them.captured] } }],
  'POST /v1/send': [
    { body: { ...mail, template_id: them.template } },
    { body: { ...mail, template_id: known } },
    { body: content },
  ],
  'POST /api/v1/emails/send': [
    { body: { to: mail.to, subject: 's', body: 'b', smtp_id: them.relayNumber } },
    { body: { to: mail.to, template_id: them.templateNumber } },
  ],
  ...Object.fromEntries(
    ['batch', 'send/batch'].map((path) => [
      `POST /api/v1/emails/${path}`,
      [
        { body: { recipients: [{ email: mail.to }], template_id: them.templateNumber } },
        { body: { recipients: [{ email: mail.to }], template_id: known } },
      ],
    ]),
  ),
  'POST /v1/api-keys': [{ body: { name: 'x', tenant_id: them.tenantId } }],
  'POST /v1/templates': [{ body: { name: 'mine', subject: 's', text: 't' } }],
}

function callsOf(line: string): readonly Omit<Call, 'key'>[] {
  const path = line.split(' ')[1] ?? ''
  const bare = calls[line] ?? [line.startsWith('GET ') ? {} : { body: {} }]
  if (!path.includes('{')) return bare
  const [place] = Object.keys(named)
    .filter((start) => path.startsWith(start))
    .sort((a, b) => b.length - a.length)
  if (place === undefined) throw new Error(`Say in this file what ${path} names`)
  return bare.flatMap((call) => (named[place] ?? []).map((params) => ({ ...call, params })))
}

/** A view's address is itself the permission: signed, and only given to whoever may see it. */
const routes = knownRoutes.filter(
  ({ line }) => !line.includes('{ticket}') && line !== 'GET /v1/events',
)
const guarded = routes.filter(({ route }) => route.permission !== 'public')

function expectNothingOfTheirs({ text, headers }: Answer): void {
  const told = `${text} ${JSON.stringify(headers)}`
  expect(told).not.toContain(secret)
}

describe.each(keys)('to a key of another tenant with %s', (_, key) => {
  it.each(routes.map(({ line }) => line))('%s tells nothing', async (line) => {
    const isNamed = line.includes('{')
    for (const call of callsOf(line)) {
      const answer = await house.request(line as Line, { ...call, key })
      expectNothingOfTheirs(answer)
      if (isNamed) expect([403, 404]).toContain(answer.status)
      else
        for (const id of [them.captured, them.live])
          expect(echoless(answer, call)).not.toContain(id)
    }
  })

  it('the event stream tells nothing', async () => {
    await house.request('POST /v1/send', { key: keys[2][1], body: content })
    await house.relay.idle()
    const all = await house.events()
    const own = all.filter(({ tenantId }) => tenantId === 'tenant_b').length
    const seen = await readEvents(house.url, key, { after: 0, until: own })
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
      const answer = await house.request(line as Line, { ...call, key: them.key })
      expect([line, JSON.stringify(call.params), answer.status]).toEqual([
        line,
        JSON.stringify(call.params),
        200,
      ])
    }
  }
})

it('afterwards everything of the other tenant is as it was', async () => {
  await house.relay.idle()
  expect(await inventory(house, them)).toEqual(before)
})

it('webhooks were told of their own tenant only', () => {
  expect(receiver.bodies.join()).toContain(ourWord)
  expect(receiver.bodies.join()).not.toContain(known)
  expect(them.receiver.bodies.join()).toContain(known)
  expect(them.receiver.bodies.join()).not.toContain(ourWord)
})

it('a name that the neighbour has is free', async () => {
  const body = { name: known, subject: 's', text: 't' }
  expect((await house.request('POST /v1/templates', { key: mine, body })).status).toBe(201)
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
    const answer = await house.request(line, { key, params: { id: 'tenant_b' }, body })
    expect([line, answer.status]).toEqual([line, 403])
  }
})
