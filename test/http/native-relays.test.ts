import { describe, expect, it } from 'vitest'
import { Fault } from '../../src-main/contract/faults.ts'
import type { RelayTarget, Upstream } from '../../src-main/domain/relays/upstream.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

/** An upstream server that records its requests and refuses the configured ones. */
const asked: RelayTarget[] = []
const upstream: Upstream = {
  async send(relay, { rcptTo }) {
    asked.push(relay)
    const reply =
      relay.host === 'picky.example.com'
        ? ({
            type: 'refused',
            code: 550,
            isAboutRecipient: true,
            reply: '550 No such user.',
          } as const)
        : ({ type: 'accepted', reply: '250 OK' } as const)
    return new Map(rcptTo.map((recipient) => [recipient, reply]))
  },
  async verify(relay) {
    asked.push(relay)
    if (relay.host === 'auth.example.com')
      throw new Fault('smtp_auth_error', 'It refused the password.')
    if (relay.host === 'gone.example.com')
      throw new Fault('smtp_connection_error', 'It cannot be reached.')
  },
  check: async () => null,
  close: async () => undefined,
}

const testServer = await startTestServer({ environment: { clock: createTestClock(), upstream } })
const relay = {
  name: 'Main',
  host: 'mail.example.com',
  username: 'me',
  password: 'hunter2-hunter2',
}
const create = (body: unknown) => testServer.request('POST /v1/relays', { body })
const make = (change: object = {}) =>
  testServer.reply('POST /v1/relays', { body: { ...relay, ...change } })
const remove = (id: string) => testServer.request('DELETE /v1/relays/{id}', { params: { id } })

describe('The relays of the installation', () => {
  it('A relay is created, read and listed without its password', async () => {
    const { value: answer, events } = await testServer.witness(() => create(relay))
    expect(answer.status).toBe(201)
    const made = answer.body as { id: string }
    expect(JSON.stringify(made)).not.toContain('hunter2')
    expect(made).toMatchObject({
      id: expect.stringMatching(/^relay_\d+$/),
      name: 'Main',
      host: 'mail.example.com',
      port: 587,
      username: 'me',
      tls: 'starttls',
      tls_verify: true,
      from_email: null,
      priority: 100,
      has_password: true,
      source: 'created',
      health: 'unknown',
      failures: 0,
      last_error: null,
      is_default: false,
      daily_limit: null,
      sent_today: 0,
      tenant_id: null,
      oauth2: null,
      dkim: null,
      last_used_at: null,
      created_at: '2026-01-15T10:30:00.000Z',
      updated_at: '2026-01-15T10:30:00.000Z',
    })
    expect(events).toMatchObject([{ type: 'relay.created', data: { relay: made.id } }])
    expect(JSON.stringify(events)).not.toContain('hunter2')
    expect(await testServer.reply('GET /v1/relays/{id}', { params: { id: made.id } })).toEqual(made)
    expect(await testServer.reply('GET /v1/relays')).toEqual({ data: [made] })
    await remove(made.id)
  })

  it('Relays are listed in the order of use', async () => {
    const last = await make({ name: 'last', priority: 200 })
    const first = await make({ name: 'first', priority: 1 })
    const { data } = await testServer.reply('GET /v1/relays')
    expect(data.map(({ name }) => name)).toEqual(['first', 'last'])
    for (const { id } of [last, first]) await remove(id)
  })

  it('A relay is changed field by field, and its password stays without a new one', async () => {
    const { id } = await make()
    const change = (body: unknown) =>
      testServer.reply('PATCH /v1/relays/{id}', { params: { id }, body })
    const { value: changed, events } = await testServer.witness(() =>
      change({ port: 2525, tls: 'none' }),
    )
    expect(changed).toMatchObject({ port: 2525, tls: 'none', username: 'me', has_password: true })
    expect(events).toMatchObject([{ type: 'relay.updated', data: { relay: id } }])
    await testServer.reply('POST /v1/relays/{id}/test', { params: { id }, body: {} })
    expect(asked.at(-1)).toMatchObject({ port: 2525, password: 'hunter2-hunter2' })
    expect((await change({ password: null })).has_password).toBe(false)
    await remove(id)
  })

  it('A relay is deleted only once', async () => {
    const { id } = await make()
    const { value: answer, events } = await testServer.witness(() => remove(id))
    expect(answer.body).toEqual({ id, deleted: true })
    expect(events).toMatchObject([{ type: 'relay.deleted', data: { relay: id } }])
    expectRefusal(await remove(id), 'not_found')
  })

  it.each([
    ['no name', { host: 'x' }, 'missing_required', /'name'/],
    ['no host', { name: 'x' }, 'missing_required', /'host'/],
    ['port 0', { ...relay, port: 0 }, 'invalid_parameter', /“port” must be 1 or more/],
    ['port 65536', { ...relay, port: 65_536 }, 'invalid_parameter', /65535 or less/],
    ['a port as a text', { ...relay, port: '25' }, 'invalid_parameter', /“port” must be a number/],
    [
      'an unknown TLS mode',
      { ...relay, tls: 'yes' },
      'invalid_parameter',
      /one of: none, starttls, implicit/,
    ],
    [
      'a sender that is no address',
      { ...relay, from_email: 'x' },
      'invalid_parameter',
      /“from_email” must be one email address .* “x” has no “@”\.$/,
    ],
    ['priority 0', { ...relay, priority: 0 }, 'invalid_parameter', /1 or more/],
    [
      'a password of 1025 characters',
      { ...relay, password: 'x'.repeat(1025) },
      'invalid_parameter',
      /1024/,
    ],
  ] as const)('A relay with %s is refused', async (_, body, code, sentence) => {
    expect(expectRefusal(await create(body), code)).toMatch(sentence)
  })

  it.each([
    ['GET /v1/relays/{id}', undefined],
    ['PATCH /v1/relays/{id}', { port: 25 }],
    ['DELETE /v1/relays/{id}', undefined],
    ['POST /v1/relays/{id}/test', {}],
  ] as const)('%s answers 404 for an unknown relay', async (line, body) => {
    const call = { params: { id: 'relay_99' }, ...(body ? { body } : {}) }
    expectRefusal(await testServer.request(line, call), 'not_found')
  })
})

describe('The test of a relay', () => {
  const test = (id: string, body: unknown = {}) =>
    testServer.request('POST /v1/relays/{id}/test', { params: { id }, body })

  it('A successful test makes the relay healthy', async () => {
    const { id } = await make()
    expect((await test(id)).body).toMatchObject({
      status: 'ok',
      message: 'SMTP connection successful',
      duration_ms: 0,
    })
    const tested = await test(id, { recipient: 'ann@example.com' })
    expect(tested.body).toMatchObject({ message: expect.stringContaining('ann@example.com') })
    expect((await testServer.reply('GET /v1/relays/{id}', { params: { id } })).health).toBe(
      'healthy',
    )
    expect((await testServer.reply('GET /health')).smtp).toBe('connected')
    await remove(id)
  })

  it.each([
    ['auth.example.com', 'smtp_auth_error'],
    ['gone.example.com', 'smtp_connection_error'],
  ] as const)('A test of %s answers %s and makes the relay unhealthy', async (host, code) => {
    const { id } = await make({ host })
    expectRefusal(await test(id), code)
    expectRefusal(await testServer.request('POST /v1/test-smtp'), code)
    const { health, last_error: error } = await testServer.reply('GET /v1/relays/{id}', {
      params: { id },
    })
    expect([health, error]).toEqual(['warning', expect.stringMatching(/^It /)])
    expect((await testServer.reply('GET /health')).smtp).toBe('unreachable')
    await remove(id)
  })

  it('A refused message fails the test', async () => {
    const { id } = await make({ host: 'picky.example.com' })
    const answer = await test(id, { recipient: 'ann@example.com' })
    expect(expectRefusal(answer, 'smtp_error')).toContain('550 No such user')
    await remove(id)
  })

  it('An invalid recipient is refused', async () => {
    const { id } = await make()
    expectRefusal(await test(id, { recipient: 'ann' }), 'invalid_parameter')
    await remove(id)
  })

  it('A test of the first relay returns the documented response of SelfMX', async () => {
    expectRefusal(await testServer.request('POST /v1/test-smtp'), 'relay_not_configured')
    expect((await testServer.reply('GET /health')).smtp).toBe('not_configured')
    const { id } = await make()
    expect(await testServer.reply('POST /v1/test-smtp')).toEqual({
      status: 'ok',
      message: 'SMTP connection successful',
    })
    await remove(id)
  })
})

it('The relay of the environment can be read but not changed by requests', async () => {
  const env = { SMTP_HOST: 'mail.example.com', SMTP_USER: 'me', SMTP_PASS: 'secret-of-mine' }
  const other = await startTestServer({ env, environment: { upstream } })
  const [own] = (await other.reply('GET /v1/relays')).data
  expect(own).toMatchObject({ source: 'environment', host: 'mail.example.com', has_password: true })
  const params = { id: own?.id ?? '' }
  expectRefusal(
    await other.request('PATCH /v1/relays/{id}', { params, body: { port: 1 } }),
    'conflict',
  )
  expectRefusal(await other.request('DELETE /v1/relays/{id}', { params }), 'conflict')
})
