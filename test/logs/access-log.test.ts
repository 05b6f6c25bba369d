import { describe, expect, it } from 'vitest'
import {
  addRelay,
  openLiveFixture,
  openSink,
  pass,
  raw,
  submitted,
} from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import type { Call } from '../http-client.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
await testServer.makeTenant('tenant_a')
const one = await testServer.makeKey({ name: 'one', permissions: ['send', 'logs:read'] })
const two = await testServer.makeKey({ name: 'two', permissions: [], tenant_id: 'tenant_a' })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

const agent = { 'user-agent': 'shop/1.0' }
await testServer.reply('POST /v1/send', { key: one.key, body: mail, headers: agent })
await testServer.request('POST /v1/send', { key: one.key, body: {}, headers: agent })
await testServer.server.idle()
clock.advance(3_600_000)
const refused = await testServer.request('GET /v1/emails', { key: two.key })
await testServer.request('GET /v1/emails', { key: null, headers: { 'user-agent': 'probe' } })
await testServer.request('GET /v1/emails', { key: 'ms_live_xxxxxxxxxxxxxxxxxxxx' })

const list = (query: Call['query'] = {}, key?: string) =>
  testServer.reply('GET /v1/logs', { query, key })

describe('GET /v1/logs', () => {
  it('The access log has every request with its key, route, outcome, address and duration', async () => {
    const { data } = await list({ type: 'request', key_id: one.id })
    expect(data).toHaveLength(2)
    expect(data[0]).toEqual({
      timestamp: '2026-01-15T10:30:00.000Z',
      email_id: null,
      event: 'request',
      to: null,
      smtp_response: null,
      id: expect.any(Number),
      type: 'request',
      key_id: one.id,
      key_name: 'one',
      tenant_id: null,
      route: 'POST /v1/send',
      status: 400,
      outcome: 'invalid',
      fault: 'missing_required',
      duration_ms: expect.any(Number),
      address: '127.0.0.1',
      user_agent: 'shop/1.0',
      request_id: expect.stringMatching(/^req_/),
      by: null,
      data: {},
    })
    expect(data[1]).toMatchObject({ status: 202, outcome: 'ok', fault: null })
  })

  it.each([
    [{ outcome: 'forbidden' }, ['GET /v1/emails']],
    [{ status: 403 }, ['GET /v1/emails']],
    [{ text: 'missing_REQUIRED' }, ['POST /v1/send']],
    [{ text: '%' }, []],
    [{ status: 202 }, ['POST /v1/send']],
    [{ route: 'POST /v1/send' }, ['POST /v1/send', 'POST /v1/send']],
    [{ address: '127.0.0.1', key_id: two.id }, ['GET /v1/emails']],
    [{ address: '10.0.0.1' }, []],
    [{ key_id: 'key_nobody00' }, []],
    [{ from: '2026-01-15T11:00:00Z', route: 'GET /v1/emails' }, ['GET /v1/emails']],
    [{ to: '2026-01-15T11:00:00Z', route: 'GET /v1/emails' }, []],
    [
      { from: '2026-01-15T10:00:00Z', to: '2026-01-15T11:00:00Z', key_id: one.id },
      ['POST /v1/send', 'POST /v1/send'],
    ],
  ])('The access log is filtered by %j', async (query, routes) => {
    const { data } = await list({ type: 'request', ...query })
    expect(data.map(({ route }) => route)).toEqual(routes)
  })

  it('A request is found by the request id of its response', async () => {
    const id = String(refused.headers['x-request-id'])
    const { data } = await list({ request_id: id })
    expect(data.map(({ request_id: found }) => found)).toEqual([id])
    expect((await list({ request_id: 'req_nothing' })).data).toEqual([])
    expect((await list({ request_id: id.replace(/.$/, '!') })).data).toEqual([])
  })

  it('Pages by cursor have no gap and no duplicate', async () => {
    const all = (await list({ limit: 500 })).data.map(({ id }) => id)
    const paged: number[] = []
    let before: number | null = null
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({
        limit: 2,
        ...(before === null ? {} : { before }),
      })
      paged.push(...page.data.map(({ id }) => id))
      expect(page.has_more).toBe(page.next_before !== null)
      before = page.next_before
    } while (before !== null)
    expect(paged).toEqual(all)
    expect((await list({ after: all[2] })).data.map(({ id }) => id)).toEqual(all.slice(0, 2))
  })

  it('The latest requests without a valid key are kept in memory and not in the log', async () => {
    const { data } = await list({ type: 'junk' })
    expect(data).toMatchObject([
      { fault: 'invalid_api_key', status: 401, outcome: 'unauthorized', key_id: null },
      { fault: 'missing_api_key', user_agent: 'probe', route: 'GET /v1/emails' },
    ])
    expect((await list({ type: 'junk', route: 'POST /v1/send' })).data).toEqual([])
    expect((await list({ type: 'junk', limit: 1 })).has_more).toBe(true)
    for (let count = 0; count < 600; count++) {
      await testServer.ask('GET', `/v1/emails?page=${count}`, { key: null })
    }
    expect((await list({ type: 'junk', limit: 500 })).data).toHaveLength(500)
    expect(await testServer.events(['junk'])).toEqual([])
  })

  it('The access log is also the audit log of created, changed and revoked keys', async () => {
    const admin = await testServer.makeKey({ name: 'admin', mode: 'live', permissions: ['*'] })
    const made = await testServer.reply('POST /v1/api-keys', {
      key: admin.key,
      body: { name: 'New' },
    })
    await testServer.reply('PATCH /v1/api-keys/{id}', {
      key: admin.key,
      params: { id: made.id },
      body: { name: 'Newer' },
    })
    await testServer.reply('DELETE /v1/api-keys/{id}', { key: admin.key, params: { id: made.id } })
    await testServer.reply('PATCH /v1/settings', { key: admin.key, body: { plan: 'free' } })
    await testServer.reply('PATCH /v1/settings', { key: admin.key, body: { plan: 'pro' } })
    const relay = await testServer.reply('POST /v1/relays', {
      key: admin.key,
      body: { name: 'R', host: 'mail.example.com' },
    })
    await testServer.reply('DELETE /v1/relays/{id}', { key: admin.key, params: { id: relay.id } })
    const { data } = await list({ type: 'audit' })
    const own = data.filter(({ by }) => by === admin.id)
    expect(own.map(({ event }) => event)).toEqual([
      'relay.deleted',
      'relay.created',
      'settings.updated',
      'settings.updated',
      'key.revoked',
      'key.updated',
      'key.created',
    ])
    expect(own.at(-2)).toMatchObject({ key_id: made.id, data: { changed: ['name'] } })
    expect(new Set(data.map(({ type }) => type))).toEqual(new Set(['audit']))
  })

  it('A tenant’s key sees the entries of its tenant only', async () => {
    const reader = await testServer.makeKey({
      mode: 'live',
      permissions: ['logs:read'],
      tenant_id: 'tenant_a',
    })
    const { data } = await list({}, reader.key)
    expect(data.length).toBeGreaterThan(0)
    expect(new Set(data.map(({ tenant_id: id }) => id))).toEqual(new Set(['tenant_a']))
    expect((await list({ type: 'junk' }, reader.key)).data).toEqual([])
    const [foreign] = (await list({ key_id: one.id })).data
    const params = { id: foreign?.id ?? 0 }
    expectRefusal(
      await testServer.request('GET /v1/logs/{id}', { params, key: reader.key }),
      'not_found',
    )
    expect((await testServer.reply('GET /v1/logs/{id}', { params })).key_id).toBe(one.id)
  })

  it.each([
    ['type=nonsense', /“type” must be one of/],
    ['outcome=fine', /“outcome” must be one of/],
    ['status=ok', /“status” must be a number/],
    ['from=yesterday', /“from” must be a time such as/],
    ['limit=0', /“limit” must be 1 or more/],
    ['limit=501', /“limit” must be 500 or less/],
    ['before=x', /“before” must be a number/],
  ])('The access log refuses %s', async (query, sentence) => {
    const answer = await testServer.ask('GET', `/v1/logs?${query}`)
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })
})

describe('GET /v1/logs?email_id=', () => {
  it('The log of an email has an entry per recipient and outcome, in SelfMX’s format', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    sink.rules.recipient = (address) =>
      address.startsWith('gone') ? '550 5.1.1 User unknown' : null
    await addRelay(live, sink)
    const id = await submitted(live, { to: ['ann@example.com', 'gone@example.com'] })
    await pass(live, 0)
    const { data, ...rest } = await live.testServer.reply('GET /v1/logs', {
      query: { email_id: id },
      key: live.key,
    })
    expect(rest).toEqual({ has_more: false, next_before: null })
    expect(data.map(({ event, to }) => [event, to])).toEqual([
      ['queued', 'ann@example.com'],
      ['queued', 'gone@example.com'],
      ['sending', 'ann@example.com'],
      ['sending', 'gone@example.com'],
      ['delivered', 'ann@example.com'],
      ['bounced', 'gone@example.com'],
    ])
    expect(data.at(-2)).toMatchObject({
      timestamp: '2026-01-15T10:30:00.000Z',
      email_id: id,
      event: 'delivered',
      to: 'ann@example.com',
      smtp_response: expect.stringMatching(/^250 /),
    })
    expect(data.at(-1)?.smtp_response).toMatch(/^550 5\.1\.1 User unknown/)
  })

  it('The log of a captured email has its entry, and the log of an unknown email is empty', async () => {
    const { id } = await testServer.reply('POST /v1/send', {
      key: one.key,
      body: { ...mail, to: ['b@example.com', 'c@example.com'] },
    })
    const { data } = await list({ email_id: id })
    expect(data.map(({ event, to, email_id: of }) => [event, to, of])).toEqual([
      ['captured', 'b@example.com', id],
      ['captured', 'c@example.com', id],
    ])
    expect((await list({ email_id: 'msg_nothing' })).data).toEqual([])
    const stranger = await testServer.makeKey({ permissions: ['logs:read'], tenant_id: 'tenant_a' })
    expect((await list({ email_id: id }, stranger.key)).data).toEqual([])
  })
})

describe('GET /v1/logs/{id}', () => {
  it.each(['0', 'x', '99999999', '1.5', '-1', '%'])('The id %s answers 404', async (id) => {
    expectRefusal(await testServer.request('GET /v1/logs/{id}', { params: { id } }), 'not_found')
  })
})

describe('An SMTP session with a key', () => {
  it('An SMTP session becomes a log entry when it ends, and adds nothing to usage', async () => {
    const other = await startTestServer()
    const { key, id } = await other.makeKey({ name: 'smtp' })
    const conversation = await converse(other.server.smtpPort)
    await conversation.signIn('mailsage', key)
    expect((await conversation.send({ raw })).code).toBe(250)
    expect((await conversation.send({ raw })).code).toBe(250)
    await conversation.close()
    const entry = await eventually(async () => {
      const { data } = await other.reply('GET /v1/logs', { query: { type: 'session' } })
      return data[0]
    })
    expect(entry).toMatchObject({
      event: 'session',
      key_id: id,
      route: 'SMTP',
      outcome: 'ok',
      address: '127.0.0.1',
      user_agent: 'client.example',
      data: { messages: 2, refusals: 0, tls: null },
    })
    await other.server.idle()
    const { totals } = await other.reply('GET /v1/usage')
    expect([totals.requests, totals.emails]).toEqual([2, 2])
  })
})

describe('A refusal of the SMTP server itself', () => {
  it('A refusal of the SMTP server is logged like any other, with its reply', async () => {
    const key = await testServer.makeKey({ name: 'three', permissions: ['send'] })
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key.key)
    expect((await conversation.say('MAIL FROM:<a@example.com> SIZE=99999999999')).code).toBe(552)
    expect((await conversation.say('MAIL FROM: nonsense')).code).toBe(501)
    expect((await conversation.say('RCPT TO:<b@example.com>')).code).toBe(503)
    const { data } = await list({ type: 'request', key_id: key.id })
    expect(data.map(({ status, fault }) => [status, fault])).toEqual([
      [503, 'invalid_request'],
      [501, 'invalid_request'],
      [552, 'message_too_large'],
    ])
  })

  it('A refusal of MailSage is logged once', async () => {
    const key = await testServer.makeKey({ name: 'four', permissions: ['send'] })
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key.key)
    await conversation.say('MAIL FROM:<a@example.com>')
    await conversation.say('RCPT TO:<b@>')
    const { data } = await list({ type: 'request', key_id: key.id })
    expect(data).toHaveLength(1)
  })
})
