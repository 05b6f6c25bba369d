import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const smtp = { host: 'evil.example', port: 25, tls: 'none' }

async function makeTenant(settings: object = {}): Promise<string> {
  const body = { name: 'Acme', ...settings }
  return (await testServer.reply('POST /v1/tenants', { body })).id
}

const get = (id: string) => testServer.reply('GET /v1/tenants/{id}', { params: { id } })

it('A key without relays:write neither creates, changes nor deletes the relay of a tenant', async () => {
  const { key } = await testServer.makeKey({ mode: 'live', permissions: ['tenants:write', 'send'] })
  const bare = await makeTenant()
  const own = await makeTenant({ smtp: { ...smtp, host: 'mine.example' } })
  const before = [await get(bare), await get(own)]
  const { data: relays } = await testServer.reply('GET /v1/relays')
  const attempts = [
    testServer.request('POST /v1/tenants', { key, body: { name: 'New', smtp } }),
    ...[bare, own].map((id) =>
      testServer.request('PUT /v1/tenants/{id}', { key, params: { id }, body: { smtp } }),
    ),
    testServer.request('PUT /v1/tenants/{id}', { key, params: { id: own }, body: { smtp: null } }),
  ]
  for (const answer of await Promise.all(attempts)) {
    expect(expectRefusal(answer, 'insufficient_permissions')).toContain('relays:write')
  }
  expect([await get(bare), await get(own)]).toEqual(before)
  expect((await testServer.reply('GET /v1/relays')).data).toEqual(relays)
  const renamed = { key, params: { id: own }, body: { name: 'Renamed' } }
  expect((await testServer.reply('PUT /v1/tenants/{id}', renamed)).name).toBe('Renamed')
})

it('A key with limits sets no wider limits of a tenant, and removes none', async () => {
  const { key } = await testServer.makeKey({
    mode: 'live',
    permissions: ['*'],
    rate_limit: { requests_per_minute: 300, emails_per_day: 50 },
  })
  const limits = { requests_per_minute: 100, emails_per_day: 10 }
  const id = await makeTenant({ rate_limit: limits })
  const wider = [
    { requests_per_minute: 301 },
    { emails_per_day: 51 },
    { requests_per_minute: null },
    { emails_per_day: null },
    null,
  ]
  for (const rate_limit of wider) {
    const change = { key, params: { id }, body: { rate_limit } }
    expectRefusal(
      await testServer.request('PUT /v1/tenants/{id}', change),
      'insufficient_permissions',
    )
    // A new tenant has the caller’s limits where the request leaves them out.
    if (rate_limit === null || Object.values(rate_limit).includes(null)) continue
    const made = { key, body: { name: 'New', rate_limit } }
    expectRefusal(await testServer.request('POST /v1/tenants', made), 'insufficient_permissions')
  }
  expect((await get(id)).rate_limit).toEqual(limits)
  const narrower = { key, params: { id }, body: { rate_limit: { requests_per_minute: 300 } } }
  expect((await testServer.reply('PUT /v1/tenants/{id}', narrower)).rate_limit).toEqual({
    requests_per_minute: 300,
    emails_per_day: 10,
  })
  const heir = await testServer.reply('POST /v1/tenants', { key, body: { name: 'Heir' } })
  expect(heir.rate_limit).toEqual({ requests_per_minute: 300, emails_per_day: 50 })
})

it('A test key creates no tenant and changes no alert rule', async () => {
  const { key } = await testServer.makeKey({ permissions: ['*'] })
  const { data: rules } = await testServer.reply('GET /v1/alerts/rules')
  const body = { queue_depth: { enabled: false } }
  expectRefusal(await testServer.request('PATCH /v1/alerts/rules', { key, body }), 'not_found')
  expectRefusal(
    await testServer.request('POST /v1/tenants', { key, body: { name: 'New' } }),
    'not_found',
  )
  expect((await testServer.reply('GET /v1/alerts/rules')).data).toEqual(rules)
})
