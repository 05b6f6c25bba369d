import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const acme = {
  name: 'Acme Corp',
  domain: 'acme.com',
  settings: { from_name: 'Acme', reply_to: 'support@acme.com' },
}
const create = (body: object = acme) => testServer.reply('POST /v1/tenants', { body })
const now = '2026-01-15T10:30:00.000Z'

describe('The resource of a tenant', () => {
  it('A tenant is created, read and listed as SelfMX documents it', async () => {
    const { value: made, events } = await testServer.witness(() => create())
    expect(made).toEqual({
      id: expect.stringMatching(/^tenant_[0-9a-z]{22}$/),
      ...acme,
      smtp: null,
      rate_limit: { requests_per_minute: null, emails_per_day: null },
      created_at: now,
      updated_at: now,
    })
    expect(events).toMatchObject([
      { type: 'tenant.created', tenantId: made.id, data: { by: 'key_console' } },
    ])
    const params = { id: made.id }
    expect(await testServer.reply('GET /v1/tenants/{id}', { params })).toEqual(made)
    const list = await testServer.reply('GET /v1/tenants')
    expect(list.data[0]).toEqual(made)
    expect(list.pagination).toEqual({ page: 1, limit: 20, total: list.data.length })
  })

  it('A tenant needs only a name, and its id may be chosen once', async () => {
    const body = { id: 'tenant_abc123', name: 'Plain' }
    expect(await create(body)).toMatchObject({
      id: 'tenant_abc123',
      domain: null,
      settings: { from_name: null, reply_to: null },
    })
    expectRefusal(await testServer.request('POST /v1/tenants', { body }), 'conflict')
  })

  it('A tenant is changed field by field, and null clears a field', async () => {
    const { id } = await create()
    const params = { id }
    const put = (body: object) => testServer.reply('PUT /v1/tenants/{id}', { params, body })
    const { value, events } = await testServer.witness(() =>
      put({ rate_limit: { requests_per_minute: 200, emails_per_day: 10_000 } }),
    )
    expect(value).toMatchObject({
      ...acme,
      rate_limit: { requests_per_minute: 200, emails_per_day: 10_000 },
    })
    expect(events).toMatchObject([{ type: 'tenant.updated', tenantId: id }])
    const settings = { from_name: 'New' }
    expect((await put({ settings })).settings).toEqual({ ...acme.settings, from_name: 'New' })
    expect((await put({ domain: null, settings: null })).settings.reply_to).toBeNull()
    expect((await put({ rate_limit: { emails_per_day: null } })).rate_limit).toEqual({
      requests_per_minute: 200,
      emails_per_day: null,
    })
    await testServer.restart()
    expect(await testServer.reply('GET /v1/tenants/{id}', { params })).toMatchObject({
      name: 'Acme Corp',
      domain: null,
      rate_limit: { requests_per_minute: 200 },
    })
  })

  it('Tenants are listed newest first, page by page', async () => {
    const { id } = await create({ name: 'Newest' })
    const { data, pagination } = await testServer.reply('GET /v1/tenants', { query: { limit: 1 } })
    expect([data[0]?.id, pagination.limit]).toEqual([id, 1])
  })

  it('The relay of a tenant never shows its password', async () => {
    const smtp = { host: 'smtp.acme.com', port: 587, user: 'acme', pass: 'pass-of-acme' }
    const { value: made, events } = await testServer.witness(() => create({ ...acme, smtp }))
    expect(made.smtp).toEqual({
      host: 'smtp.acme.com',
      port: 587,
      user: 'acme',
      tls: 'starttls',
      tls_verify: true,
    })
    expect(events.map(({ type }) => type)).toEqual(['relay.created', 'tenant.created'])
    expect(JSON.stringify([made, events])).not.toContain('pass-of-acme')
    const params = { id: made.id }
    const changed = await testServer.reply('PUT /v1/tenants/{id}', {
      params,
      body: { smtp: { host: 'smtp2.acme.com', port: 465 } },
    })
    expect(changed.smtp).toMatchObject({ host: 'smtp2.acme.com', tls: 'implicit', user: null })
    const own = async () =>
      (await testServer.reply('GET /v1/relays')).data.filter(({ tenant_id: id }) => id === made.id)
    expect(await own()).toHaveLength(1)
    const gone = await testServer.witness(() =>
      testServer.reply('PUT /v1/tenants/{id}', { params, body: { smtp: null } }),
    )
    expect(gone.value.smtp).toBeNull()
    expect(gone.events.map(({ type }) => type)).toEqual(['relay.deleted', 'tenant.updated'])
    expect(await own()).toEqual([])
  })

  it.each([
    ['no name', {}, 'missing_required', 'name'],
    ['an empty name', { name: ' ' }, 'invalid_parameter', 'name'],
    ['a domain that is none', { name: 'x', domain: 'no spaces' }, 'invalid_parameter', 'domain'],
    [
      'a reply address that is none',
      { name: 'x', settings: { reply_to: 'x' } },
      'invalid_parameter',
      'settings.reply_to',
    ],
    ['an smtp without host', { name: 'x', smtp: {} }, 'missing_required', 'smtp.host'],
    [
      'a limit of nothing',
      { name: 'x', rate_limit: { emails_per_day: 0 } },
      'invalid_parameter',
      'rate_limit.emails_per_day',
    ],
    ['an id of another shape', { name: 'x', id: 'acme' }, 'invalid_parameter', 'tenant_'],
  ] as const)('A tenant with %s is refused', async (_, body, code, field) => {
    const answer = await testServer.request('POST /v1/tenants', { body })
    expect(expectRefusal(answer, code)).toContain(field)
  })

  it.each([
    ['GET /v1/tenants/{id}', undefined],
    ['PUT /v1/tenants/{id}', { name: 'x' }],
    ['DELETE /v1/tenants/{id}', undefined],
    ['POST /v1/tenants/{id}/api-keys', { name: 'x' }],
    ['GET /v1/tenants/{id}/emails', undefined],
    ['GET /v1/tenants/{id}/usage', undefined],
  ] as const)('%s answers 404 for an unknown tenant', async (line, body) => {
    const call = { params: { id: 'tenant_absent' }, ...(body ? { body } : {}) }
    expectRefusal(await testServer.request(line, call), 'not_found')
  })
})

describe('The keys of a tenant', () => {
  it('A key of a tenant is created at the tenant, or with its id', async () => {
    const { id } = await create()
    const body = { name: 'Production', permissions: ['send'] }
    const made = await testServer.reply('POST /v1/tenants/{id}/api-keys', { params: { id }, body })
    expect(made).toMatchObject({ name: 'Production', tenant_id: id, permissions: ['send'] })
    expect(made.key).toMatch(/^sk_live_/)
    expect((await testServer.makeKey({ tenant_id: id })).tenant_id).toBe(id)
  })

  it('A key of an unknown tenant is not created', async () => {
    const body = { name: 'x', tenant_id: 'tenant_absent' }
    const answer = await testServer.request('POST /v1/api-keys', { body })
    expect(expectRefusal(answer, 'not_found')).toContain('tenant_absent')
  })

  it('A key reads its own tenant, and may not change it', async () => {
    const { id } = await create()
    const admin = { mode: 'live' as const, permissions: ['*' as const] }
    const { key } = await testServer.makeKey({ tenant_id: id, ...admin })
    const list = await testServer.reply('GET /v1/tenants', { key })
    expect([list.data.map((tenant) => tenant.id), list.pagination.total]).toEqual([[id], 1])
    const call = { key, params: { id }, body: { name: 'x' } }
    expectRefusal(
      await testServer.request('PUT /v1/tenants/{id}', call),
      'insufficient_permissions',
    )
    expectRefusal(
      await testServer.request('DELETE /v1/tenants/{id}', call),
      'insufficient_permissions',
    )
    expectRefusal(
      await testServer.request('POST /v1/tenants', { key, body: { name: 'x' } }),
      'insufficient_permissions',
    )
    expect((await testServer.request('POST /v1/tenants/{id}/api-keys', call)).status).toBe(201)
  })

  it.each([
    ['POST /v1/tenants/{id}/api-keys', 'tenants:write', 'api-keys:write'],
    ['GET /v1/tenants/{id}/emails', 'tenants:read', 'logs:read'],
    ['GET /v1/tenants/{id}/usage', 'tenants:read', 'usage:read'],
  ] as const)('%s needs %s and %s', async (line, first, second) => {
    const { id } = await create()
    const ask = async (permissions: (typeof first | typeof second | 'send')[]) => {
      const { key } = await testServer.makeKey({
        permissions: [...permissions, 'send'],
        mode: 'live',
      })
      const body = line.startsWith('POST') ? { body: { name: 'x' } } : {}
      return testServer.request(line, { key, params: { id }, ...body })
    }
    for (const one of [first, second]) {
      expectRefusal(await ask([one]), 'insufficient_permissions')
    }
    expect((await ask([first, second])).status).toBeLessThan(300)
  })
})
