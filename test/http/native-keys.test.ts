import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mailsagePermissions, permissions } from '../../src-main/contract/permissions.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })

const create = (body: unknown, key?: string) =>
  testServer.request('POST /v1/api-keys', { body, key })

describe('POST /v1/api-keys', () => {
  it('A new key has the documented fields, and its secret is shown only once', async () => {
    const body = { name: 'Production App', permissions: ['send', 'templates:read'] }
    const { value: answer, events } = await testServer.witness(() => create(body))
    expect(answer.status).toBe(201)
    const made = answer.body as { id: string; key: string; prefix: string }
    expect(made).toEqual({
      id: expect.stringMatching(/^key_[0-9A-Za-z]{8}$/),
      key: expect.stringMatching(/^sk_live_[0-9A-Za-z]{38}$/),
      name: 'Production App',
      mode: 'live',
      prefix: `sk_live_${made.id.slice('key_'.length)}`,
      permissions: ['send', 'templates:read'],
      enabled: true,
      source: 'created',
      tenant_id: null,
      rate_limit: { requests_per_minute: null, emails_per_day: null },
      inbox: 'default',
      allowed_senders: [],
      allowed_ips: [],
      expires_at: null,
      grace_until: null,
      last_used_at: null,
      last_used_from: null,
      created_at: '2026-01-15T10:30:00.000Z',
    })
    expect(events).toMatchObject([
      { type: 'key.created', keyId: made.id, data: { mode: 'live', by: 'key_console' } },
    ])
    const { data } = await testServer.reply('GET /v1/api-keys')
    expect(JSON.stringify(data)).not.toContain(made.key)
  })

  it('A new key stores every setting of the request', async () => {
    await testServer.makeTenant('tenant_a')
    const settings = {
      name: '  Worker  ',
      mode: 'test' as const,
      permissions: ['inbox:read' as const],
      tenant_id: 'tenant_a',
      rate_limit: { requests_per_minute: 10, emails_per_day: 100 },
      inbox: 'ci',
      allowed_senders: ['Example.COM', 'me@example.org'],
      allowed_ips: ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'],
    }
    expect(await testServer.makeKey({ ...settings, expires_in_days: 90 })).toMatchObject({
      ...settings,
      name: 'Worker',
      key: expect.stringMatching(/^sk_test_/),
      expires_at: '2026-04-15T10:30:00.000Z',
      allowed_senders: ['example.com', 'me@example.org'],
    })
  })

  it('A new key may only send by default', async () => {
    const made = await testServer.reply('POST /v1/api-keys', { body: { name: 'Plain' } })
    expect(made.permissions).toEqual(['send'])
  })

  it.each(Object.entries(mailsagePermissions))(
    'The MailSage permission %s becomes native permissions',
    async (name, ours) => {
      const made = await testServer.reply('POST /v1/api-keys', {
        body: { name, permissions: [name, ours[0]] },
      })
      expect(made.permissions).toEqual(ours)
    },
  )

  it.each(permissions)('The permission %s is accepted', async (name) => {
    const made = await testServer.reply('POST /v1/api-keys', {
      body: { name, permissions: [name] },
    })
    expect(made.permissions).toEqual([name])
  })

  it.each([
    ['no name', {}, 'missing_required', /The 'name' field is required/],
    ['an empty name', { name: '  ' }, 'invalid_parameter', /“name” needs at least 1 character/],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'invalid_parameter', /at most 100/],
    ['a name that is a number', { name: 1 }, 'invalid_parameter', /“name” must be a string/],
    [
      'an unknown mode',
      { name: 'x', mode: 'prod' },
      'invalid_parameter',
      /must be one of: live, test/,
    ],
    [
      'an unknown permission',
      { name: 'x', permissions: ['fly'] },
      'invalid_parameter',
      /“permissions.0” must be one of: send/,
    ],
    [
      'permissions as a text',
      { name: 'x', permissions: 'send' },
      'invalid_parameter',
      /must be an array/,
    ],
    [
      'no days to live',
      { name: 'x', expires_in_days: 0 },
      'invalid_parameter',
      /must be 1 or more/,
    ],
    [
      'half a day to live',
      { name: 'x', expires_in_days: 0.5 },
      'invalid_parameter',
      /whole number/,
    ],
    [
      'eleven years to live',
      { name: 'x', expires_in_days: 4015 },
      'invalid_parameter',
      /3650 or less/,
    ],
    [
      'a limit of none',
      { name: 'x', rate_limit: { requests_per_minute: 0 } },
      'invalid_parameter',
      /“rate_limit.requests_per_minute” must be 1 or more/,
    ],
    [
      'an inbox with a slash',
      { name: 'x', inbox: 'a/b' },
      'invalid_parameter',
      /“inbox” must be letters/,
    ],
    [
      'an address that is none',
      { name: 'x', allowed_ips: ['localhost'] },
      'invalid_parameter',
      /allowed_ips.0/,
    ],
    [
      'a network too wide',
      { name: 'x', allowed_ips: ['10.0.0.0/33'] },
      'invalid_parameter',
      /allowed_ips.0/,
    ],
  ] as const)('A body with %s is refused', async (_, body, code, sentence) => {
    const { value: answer, events } = await testServer.witness(() => create(body))
    expect(expectRefusal(answer, code)).toMatch(sentence)
    expect(events).toEqual([])
  })

  it('A key cannot grant permissions that it does not have', async () => {
    const { key } = await testServer.makeKey({ permissions: ['api-keys:write', 'send'] })
    const wide = await create({ name: 'x', mode: 'test', permissions: ['send', 'logs:read'] }, key)
    expect(expectRefusal(wide, 'insufficient_permissions')).toContain('logs:read')
    const admin = await create({ name: 'x', mode: 'test', permissions: ['*'] }, key)
    expectRefusal(admin, 'insufficient_permissions')
    expect((await create({ name: 'x', mode: 'test', permissions: ['send'] }, key)).status).toBe(201)
    const unable = await testServer.makeKey({ permissions: ['api-keys:write'] })
    expectRefusal(await create({ name: 'x', mode: 'test' }, unable.key), 'insufficient_permissions')
  })

  it('A test key cannot create a live key, even with all permissions', async () => {
    const { key } = await testServer.makeKey({ permissions: ['*'], mode: 'test' })
    const sentence = expectRefusal(await create({ name: 'x' }, key), 'insufficient_permissions')
    expect(sentence).toContain('test key can neither create nor change a live key')
    expect((await create({ name: 'x', mode: 'test' }, key)).status).toBe(201)
  })
})

describe('GET /v1/api-keys', () => {
  it('Keys are listed newest first, without revoked ones, with their last use', async () => {
    const old = await testServer.makeKey({ name: 'old', permissions: ['*'], mode: 'live' })
    const gone = await testServer.makeKey({ name: 'gone' })
    await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id: gone.id } })
    clock.advance(5000)
    const used = '2026-01-15T10:30:05.000Z'
    const { data } = await testServer.reply('GET /v1/api-keys', { key: old.key })
    expect(data[0]).toMatchObject({ id: old.id, last_used_at: used, last_used_from: '127.0.0.1' })
    expect(data.map(({ id }) => id)).not.toContain(gone.id)
    expect(data.map(({ created_at: at }) => at)).toEqual(
      data
        .map((key) => key.created_at)
        .toSorted()
        .reverse(),
    )
  })

  it('The last use of a key is kept over a restart', async () => {
    const { key, id } = await testServer.makeKey({ permissions: ['api-keys:read'] })
    const before = await testServer.reply('GET /v1/api-keys/{id}', { key, params: { id } })
    await testServer.restart()
    const after = await testServer.reply('GET /v1/api-keys/{id}', { params: { id } })
    expect(after.last_used_at).toBe(before.last_used_at)
  })
})

describe('One key', () => {
  it('A key is changed field by field, and the log has the change', async () => {
    const {
      id,
      key: _,
      ...made
    } = await testServer.makeKey({ name: 'before', rate_limit: { emails_per_day: 5 } })
    const change = { name: 'after', rate_limit: { requests_per_minute: 7 } }
    const { value: changed, events } = await testServer.witness(() =>
      testServer.reply('PATCH /v1/api-keys/{id}', { params: { id }, body: change }),
    )
    const rate_limit = { requests_per_minute: 7, emails_per_day: 5 }
    expect(changed).toEqual({ ...made, id, name: 'after', rate_limit })
    expect(events).toMatchObject([
      { type: 'key.updated', keyId: id, data: { changed: ['name', 'rate_limit'] } },
    ])
    const freed = await testServer.reply('PATCH /v1/api-keys/{id}', {
      params: { id },
      body: { rate_limit: null },
    })
    expect(freed.rate_limit).toEqual({ requests_per_minute: null, emails_per_day: null })
  })

  it('A new permission is valid from the next request on', async () => {
    const { id, key } = await testServer.makeKey({ permissions: [] })
    expect((await testServer.request('GET /v1/emails', { key })).status).toBe(403)
    await testServer.reply('PATCH /v1/api-keys/{id}', {
      params: { id },
      body: { permissions: ['logs:read'] },
    })
    expect((await testServer.request('GET /v1/emails', { key })).status).toBe(200)
  })

  it('A key with fewer permissions cannot widen another key', async () => {
    const { id } = await testServer.makeKey({ permissions: ['send'] })
    const { key } = await testServer.makeKey({ permissions: ['api-keys:write', 'send'] })
    const body = { permissions: ['send', 'relays:write'] }
    const answer = await testServer.request('PATCH /v1/api-keys/{id}', {
      key,
      params: { id },
      body,
    })
    expectRefusal(answer, 'insufficient_permissions')
  })

  it('A rotation gives a new secret, keeps the id and reports the end of the old secret', async () => {
    const made = await testServer.makeKey({ name: 'rotating' })
    const call = { params: { id: made.id }, body: {} }
    const { value: rotated, events } = await testServer.witness(() =>
      testServer.reply('POST /v1/api-keys/{id}/rotate', call),
    )
    expect(rotated.id).toBe(made.id)
    expect(rotated.prefix).toBe(made.prefix)
    expect(rotated.key).not.toBe(made.key)
    expect(rotated.grace_until).toBe(new Date(clock.now() + 86_400_000).toISOString())
    expect(events).toMatchObject([
      { type: 'key.rotated', keyId: made.id, data: { grace_seconds: 86_400 } },
    ])
  })

  it('A key cannot be rotated by a key that may not create it', async () => {
    const live = await testServer.makeKey({ mode: 'live', permissions: ['send'] })
    const tester = await testServer.makeKey({ permissions: ['*'] })
    const poor = await testServer.makeKey({ mode: 'live', permissions: ['api-keys:write'] })
    for (const { key } of [tester, poor]) {
      const call = { key, params: { id: live.id }, body: {} }
      expectRefusal(
        await testServer.request('POST /v1/api-keys/{id}/rotate', call),
        'insufficient_permissions',
      )
    }
  })

  it('A revocation returns the documented response, once', async () => {
    const { id } = await testServer.makeKey()
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request('DELETE /v1/api-keys/{id}', { params: { id } }),
    )
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 200,
      body: { id, revoked: true },
    })
    expect(events).toMatchObject([{ type: 'key.revoked', keyId: id, data: { by: 'key_console' } }])
    expectRefusal(
      await testServer.request('DELETE /v1/api-keys/{id}', { params: { id } }),
      'not_found',
    )
    expectRefusal(
      await testServer.request('GET /v1/api-keys/{id}', { params: { id } }),
      'not_found',
    )
  })

  it.each([
    ['GET /v1/api-keys/{id}', undefined],
    ['PATCH /v1/api-keys/{id}', { name: 'x' }],
    ['POST /v1/api-keys/{id}/rotate', {}],
    ['DELETE /v1/api-keys/{id}', undefined],
  ] as const)('%s answers 404 for an unknown key', async (line, body) => {
    const call = { params: { id: 'key_nothere0' }, ...(body ? { body } : {}) }
    expectRefusal(await testServer.request(line, call), 'not_found')
  })
})

describe('The key of the environment', () => {
  it('The key is an admin, and only the environment can change it', async () => {
    const secret = 'a-secret-of-my-own-choosing'
    const other = await startTestServer({ env: { API_KEY: secret } })
    expect(other.server.firstKeys).toEqual({
      admin: null,
      test: expect.stringMatching(/^ms_test_/),
    })
    const { data } = await other.reply('GET /v1/api-keys', { key: secret })
    const own = data.find(({ source }) => source === 'environment')
    expect(own).toMatchObject({ permissions: ['*'], mode: 'live' })
    expect(JSON.stringify(data)).not.toContain(secret.slice(0, 8))
    const params = { id: own?.id ?? '' }
    for (const answer of [
      await other.request('DELETE /v1/api-keys/{id}', { params }),
      await other.request('PATCH /v1/api-keys/{id}', { params, body: { name: 'x' } }),
      await other.request('POST /v1/api-keys/{id}/rotate', { params, body: {} }),
    ]) {
      expect(expectRefusal(answer, 'conflict')).toContain('API_KEY')
    }
  })

  it('A changed environment replaces the key, and its former value restores it', async () => {
    const [one, two] = ['the-first-secret-key', 'the-second-secret-key'] as const
    const other = await startTestServer({ env: { API_KEY: one } })
    const works = async (key: string) => (await other.request('GET /v1/session', { key })).status
    await other.restart({ API_KEY: two })
    expect([await works(one), await works(two)]).toEqual([401, 200])
    await other.restart({ API_KEY: one })
    expect([await works(one), await works(two)]).toEqual([200, 401])
    await other.restart({ API_KEY: '' })
    expect([await works(one), await works(two)]).toEqual([401, 401])
  })
})

describe('The first start', () => {
  it('The first start creates an admin key and a test key, and shows them once', async () => {
    const other = await startTestServer()
    const { admin, test } = other.server.firstKeys ?? {}
    expect(admin).toMatch(/^ms_live_/)
    expect(test).toMatch(/^ms_test_/)
    const asAdmin = await other.reply('GET /v1/session', { key: admin ?? '' })
    expect(asAdmin).toMatchObject({ mode: 'live', permissions: ['*'] })
    const asTest = await other.reply('GET /v1/session', { key: test ?? '' })
    expect(asTest).toMatchObject({ mode: 'test', permissions: expect.arrayContaining(['send']) })
    await other.restart()
    expect(other.server.firstKeys).toBeNull()
    expect(await other.reply('GET /v1/session', { key: admin ?? '' })).toEqual(asAdmin)
  })

  it('No readable key is stored', async () => {
    const other = await startTestServer()
    const secrets = [
      other.server.firstKeys?.admin,
      other.server.firstKeys?.test,
      other.server.consoleKey,
    ]
    await other.server.close()
    const bytes = databaseBytes(other.folder)
    for (const secret of secrets) expect(bytes.includes(String(secret).slice(-20))).toBe(false)
  })
})

function databaseBytes(folder: string): Buffer {
  const files = readdirSync(folder).filter((name) => name.includes('.db'))
  expect(files).toContain('mailsage.db')
  return Buffer.concat(files.map((name) => readFileSync(`${folder}/${name}`)))
}
