import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const dayMs = 86_400_000

const sender = await testServer.makeKey({ permissions: ['send'] })
const mail = { recipient: { email: 'user@example.com' }, subject: 'Hello!', body: 'Test email' }

/** The latest captured message. */
async function lastCaptured() {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
  const id = data[0]?.id ?? ''
  return testServer.reply('GET /v1/inbox/{id}', { params: { id } })
}

const post = (body: unknown, key = sender.key) =>
  testServer.request('POST /api/v1/emails/send', { key, body })
const create = (body: unknown, key?: string) =>
  testServer.request('POST /api/v1/api-keys', { body, key })

describe('POST /api/v1/emails/send', () => {
  it('The sample of the authentication page gets the documented response, and the message is captured', async () => {
    const { value: answer, events } = await testServer.witness(() => post(mail))
    expect(answer.status).toBe(202)
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
    expect(answer.body).toEqual({
      message: 'Email queued successfully',
      job_id: expect.stringMatching(/^\d+$/),
      task_id: expect.stringMatching(uuid),
      tracking_id: expect.stringMatching(/^(msg|trk)_/),
      status: 'queued',
    })
    const message = await lastCaptured()
    expect(events).toMatchObject([
      { type: 'captured', keyId: sender.id, messageId: message.id },
      {
        type: 'request',
        keyId: sender.id,
        data: { route: 'POST /api/v1/emails/send', status: 202 },
      },
    ])
    expect(message).toMatchObject({
      from: { name: null, address: 'noreply@mailsage.local' },
      to: [{ name: null, address: 'user@example.com' }],
      subject: 'Hello!',
      has_html: false,
      has_text: true,
    })
    const text = await testServer.reply('GET /v1/inbox/{id}/text', { params: { id: message.id } })
    expect(text.trim()).toBe('Test email')
  })

  it('The flat format of the getting-started page is accepted', async () => {
    const answer = await post({ to: 'user@example.com', subject: 'Hi', body: '<h1>Hi</h1>' })
    expect(answer.status).toBe(202)
    expect((await lastCaptured()).has_html).toBe(true)
  })

  it.each([
    ['Plain words, 1 < 2 and 3 > 2', false],
    ['<user@example.com> wrote', false],
    ['<p>Words</p>', true],
    ['<!DOCTYPE html><html></html>', true],
    ['Hello<br/>there', true],
  ])('%j is read as HTML: %s', async (body, isHtml) => {
    expect((await post({ ...mail, body })).status).toBe(202)
    expect((await lastCaptured()).has_html).toBe(isHtml)
  })

  it('A message is sent with the from_email of its relay', async () => {
    const relay = await testServer.reply('POST /v1/relays', {
      body: { name: 'R', host: '127.0.0.1', from_email: 'shop@example.com' },
    })
    await post(mail)
    const message = await lastCaptured()
    expect(message.envelope.mail_from).toBe('shop@example.com')
    await testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay.id } })
  })

  it.each([
    ['nothing', {}, 'missing_required', /recipient/],
    ['no recipient', { ...mail, recipient: undefined }, 'missing_required', /recipient/],
    [
      'a recipient without email',
      { ...mail, recipient: {} },
      'missing_required',
      /'recipient.email' field/,
    ],
    [
      'a recipient that is a text',
      { ...mail, recipient: 'a@b.c' },
      'invalid_parameter',
      /“recipient” must be an object/,
    ],
    ['no subject', { ...mail, subject: undefined }, 'missing_required', /subject/],
    ['no content', { ...mail, body: undefined }, 'missing_required', /body/],
    [
      'a body that is a number',
      { ...mail, body: 5 },
      'invalid_parameter',
      /“body” must be a string/,
    ],
    [
      'variables that are a list',
      { ...mail, recipient: { email: 'a@b.c', variables: [] } },
      'invalid_parameter',
      /variables/,
    ],
    [
      'an address that is none',
      { ...mail, recipient: { email: 'user' } },
      'invalid_recipient',
      /user/,
    ],
    ['an SMTP configuration that is not there', { ...mail, smtp_id: 7 }, 'smtp_not_found', /7/],
    [
      'a template that is not there',
      { ...mail, template_id: 'welcome' },
      'template_not_found',
      /welcome/,
    ],
    ['a list', [], 'invalid_request', /must be an object/],
  ] as const)('A body with %s is refused', async (_, body, code, sentence) => {
    const { value: answer, events } = await testServer.witness(() => post(body))
    expect(expectRefusal(answer, code, '/api/v1')).toMatch(sentence)
    expect(events.map(({ type }) => type)).toEqual(['request'])
  })

  it('Mail over the daily quota is refused, with retry_after in the body', async () => {
    const { key } = await testServer.makeKey({ rate_limit: { emails_per_day: 1 } })
    await post(mail, key)
    expectRefusal(await post(mail, key), 'daily_limit_exceeded', '/api/v1')
  })

  it('A live message without a relay is refused', async () => {
    const { key } = await testServer.makeKey({ mode: 'live' })
    expectRefusal(await post(mail, key), 'relay_not_configured', '/api/v1')
  })

  it('A message of more than 25 MiB is refused', async () => {
    const answer = await post({ ...mail, body: 'x'.repeat(26 * 1024 * 1024) })
    expectRefusal(answer, 'message_too_large', '/api/v1')
  })
})

describe('POST /api/v1/api-keys', () => {
  it('A new key has the documented fields, an integer id and all five permissions by default', async () => {
    const { value: answer, events } = await testServer.witness(() =>
      create({ name: 'Production API Key', expires_in_days: 365 }),
    )
    expect(answer.status).toBe(201)
    const { api_key: made, key } = answer.body as { api_key: { key_prefix: string }; key: string }
    expect(answer.body).toEqual({
      message: 'API key created successfully',
      api_key: {
        id: expect.any(Number),
        name: 'Production API Key',
        key_prefix: expect.stringMatching(/^[0-9A-Za-z]{8}$/),
        key_type: 'live',
        permissions: [
          'send_email',
          'manage_templates',
          'manage_smtp',
          'view_analytics',
          'webhook_management',
        ],
        expires_at: '2027-01-15T10:30:00.000Z',
        is_active: true,
        last_used_at: null,
        daily_requests: 0,
        created_at: '2026-01-15T10:30:00.000Z',
      },
      key: expect.stringMatching(/^ms_live_[0-9A-Za-z]{38}$/),
    })
    expect(key.slice('ms_live_'.length)).toMatch(new RegExp(`^${made.key_prefix}`))
    expect(events).toMatchObject([{ type: 'key.created', data: { mode: 'live' } }])
  })

  it('Permissions of both vocabularies are returned in the names of this dialect', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', {
      body: {
        name: 'x',
        key_type: 'test',
        permissions: ['send', 'view_analytics', 'inbox:read', 'relays:read'],
      },
    })
    expect(made.key).toMatch(/^ms_test_/)
    const { key_type, permissions } = made.api_key
    expect(key_type).toBe('test')
    expect(permissions).toEqual(['send_email', 'view_analytics', 'inbox:read', 'relays:read'])
    const native = await testServer.reply('GET /v1/session', { key: made.key })
    expect(native.permissions).toEqual([
      'send',
      'logs:read',
      'usage:read',
      'inbox:read',
      'relays:read',
    ])
  })

  it.each([
    [{ mode: 'test' }, 'test'],
    [{ key_type: 'test' }, 'test'],
    [{ mode: 'test', key_type: 'test' }, 'test'],
    [{ mode: 'live' }, 'live'],
    [{}, 'live'],
  ])('The mode is read from either of its names: %j', async (body, mode) => {
    const made = await testServer.reply('POST /api/v1/api-keys', { body: { name: 'x', ...body } })
    expect([made.key.slice(0, 8), made.api_key.key_type]).toEqual([`ms_${mode}_`, mode])
  })

  it('The permission of an admin is returned as its five names', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', {
      body: { name: 'x', permissions: ['*'] },
    })
    expect(made.api_key.permissions).toHaveLength(5)
  })

  it.each([
    ['no name', {}, 'missing_required', /'name' field/],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'invalid_parameter', /100/],
    [
      'two modes',
      { name: 'x', key_type: 'live', mode: 'test' },
      'invalid_parameter',
      /mode.* contradicts “key_type”/,
    ],
    ['an unknown type', { name: 'x', key_type: 'prod' }, 'invalid_parameter', /live, test/],
    [
      'an unknown permission',
      { name: 'x', permissions: ['full_access'] },
      'invalid_parameter',
      /send_email/,
    ],
    ['no days to live', { name: 'x', expires_in_days: 0 }, 'invalid_parameter', /1 or more/],
  ] as const)('A body with %s is refused', async (_, body, code, sentence) => {
    expect(expectRefusal(await create(body), code, '/api/v1')).toMatch(sentence)
  })

  it('A key cannot grant permissions that it does not have', async () => {
    const { key } = await testServer.makeKey({ permissions: ['api-keys:write', 'send'] })
    expectRefusal(
      await create({ name: 'x', key_type: 'test' }, key),
      'insufficient_permissions',
      '/api/v1',
    )
    const tester = await testServer.makeKey({ permissions: ['*'] })
    expectRefusal(await create({ name: 'x' }, tester.key), 'insufficient_permissions', '/api/v1')
  })
})

describe('A key of this dialect', () => {
  it('A key is listed with the number of its requests today', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', {
      body: { name: 'Listed', permissions: ['api-keys:read', '*'] },
    })
    for (let count = 0; count < 3; count++) {
      await testServer.reply('GET /api/v1/api-keys', { key: made.key })
    }
    await testServer.server.idle()
    const { api_keys: keys } = await testServer.reply('GET /api/v1/api-keys')
    const own = keys.find(({ id }) => id === made.api_key.id)
    expect(own).toMatchObject({
      name: 'Listed',
      daily_requests: 3,
      last_used_at: new Date(clock.now()).toISOString(),
    })
    expect(JSON.stringify(keys)).not.toContain(made.key)
    clock.advance(dayMs)
    const tomorrow = (await testServer.reply('GET /api/v1/api-keys')).api_keys
    expect(tomorrow.find(({ id }) => id === made.api_key.id)?.daily_requests).toBe(0)
  })

  it('A revocation returns the documented response', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', { body: { name: 'Going' } })
    const params = { id: made.api_key.id }
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request('DELETE /api/v1/api-keys/{id}', { params }),
    )
    expect(answer.body).toEqual({ message: 'API key revoked successfully' })
    expect(events).toMatchObject([{ type: 'key.revoked' }])
    const again = await testServer.request('DELETE /api/v1/api-keys/{id}', { params })
    expect(expectRefusal(again, 'not_found', '/api/v1')).toBe(
      'API key not found. List the keys to see their ids.',
    )
    expectRefusal(await post(mail, made.key), 'invalid_api_key', '/api/v1')
  })

  it.each(['0', '-1', 'abc', '1.5', '99999', '1e300'])('The key id %s is not found', async (id) => {
    for (const line of [
      'DELETE /api/v1/api-keys/{id}',
      'GET /api/v1/api-keys/{id}/usage',
    ] as const) {
      expectRefusal(await testServer.request(line, { params: { id } }), 'not_found', '/api/v1')
    }
  })

  it('The key of the environment cannot be revoked by a request', async () => {
    const other = await startTestServer({ env: { API_KEY: 'a-secret-of-my-own-choosing' } })
    const { api_keys: keys } = await other.reply('GET /api/v1/api-keys')
    const own = keys.find(({ name }) => name.startsWith('API_KEY'))
    const params = { id: own?.id ?? 0 }
    const answer = await other.request('DELETE /api/v1/api-keys/{id}', { params })
    expectRefusal(answer, 'conflict', '/api/v1')
  })
})

describe('GET /api/v1/api-keys/{id}/usage', () => {
  it('The requests of the key and their results are counted', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', {
      body: { name: 'Counted', permissions: ['send', 'logs:read', 'usage:read'] },
    })
    const { key } = made
    const params = { id: made.api_key.id }
    const asked = () => testServer.reply('GET /v1/emails', { key })
    await asked()
    await testServer.server.idle()
    clock.advance(dayMs)
    for (let count = 0; count < 5; count++) await asked()
    await testServer.ask('POST', '/api/v1/emails/send', { key, body: {} })
    await testServer.ask('GET', '/v1/relays', { key })
    await testServer.server.idle()
    const { usage_stats: stats } = await testServer.reply('GET /api/v1/api-keys/{id}/usage', {
      params,
      query: { days: 2 },
    })
    expect(stats).toEqual({
      total_requests: 8,
      success_requests: 6,
      error_requests: 2,
      success_rate: 75,
      endpoint_usage: { '/v1/emails': 6, '/api/v1/emails/send': 1, '/v1/relays': 1 },
      daily_average: 4,
      current_daily_requests: 7,
      daily_limit: null,
      daily_remaining: null,
      last_used_at: new Date(clock.now()).toISOString(),
      days_analyzed: 2,
      daily: [
        { date: day(-1), requests: 1, success: 1, errors: 0 },
        { date: day(0), requests: 7, success: 5, errors: 2 },
      ],
    })
  })

  it('Routes that differ only in their method count as one endpoint', async () => {
    const made = await testServer.reply('POST /api/v1/api-keys', {
      body: { name: 'x', permissions: ['*'] },
    })
    await testServer.reply('GET /v1/api-keys', { key: made.key })
    await testServer.reply('POST /v1/api-keys', { key: made.key, body: { name: 'y' } })
    await testServer.server.idle()
    const { usage_stats: stats } = await testServer.reply('GET /api/v1/api-keys/{id}/usage', {
      params: { id: made.api_key.id },
    })
    expect(stats.endpoint_usage).toEqual({ '/v1/api-keys': 2 })
    expect(stats.days_analyzed).toBe(30)
    expect(stats.daily).toHaveLength(30)
  })

  it('The rest of the daily quota is reported', async () => {
    const made = await testServer.makeKey({ rate_limit: { emails_per_day: 3 } })
    await post(mail, made.key)
    const { api_keys: keys } = await testServer.reply('GET /api/v1/api-keys')
    const params = { id: keys.find(({ key_prefix }) => made.prefix.endsWith(key_prefix))?.id ?? 0 }
    const { usage_stats: stats } = await testServer.reply('GET /api/v1/api-keys/{id}/usage', {
      params,
    })
    expect(stats).toMatchObject({ daily_limit: 3, daily_remaining: 2 })
  })

  it.each(['0', '366', 'x', '1.5'])('The query days=%s is refused', async (days) => {
    const made = await testServer.reply('POST /api/v1/api-keys', { body: { name: 'x' } })
    const answer = await testServer.request('GET /api/v1/api-keys/{id}/usage', {
      params: { id: made.api_key.id },
      query: { days },
    })
    expect(expectRefusal(answer, 'invalid_parameter', '/api/v1')).toContain('days')
  })

  it('The usage is right at the first millisecond of a day', async () => {
    clock.advance(dayMs - (clock.now() % dayMs))
    expect((await testServer.request('GET /api/v1/api-keys')).status).toBe(200)
  })
})

function day(offset: number): string {
  return new Date(clock.now() + offset * dayMs).toISOString().slice(0, 10)
}
