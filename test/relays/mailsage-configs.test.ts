import { describe, expect, it, test } from 'vitest'
import { deafPort, type LiveFixture, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { openRelayFixture } from './relay-fixture.ts'

const path = '/api/v1'
const gmail = {
  name: 'Production SMTP',
  host: 'smtp.gmail.com',
  port: 587,
  username: 'your-email@gmail.com',
  password: 'your-app-password',
  use_tls: true,
  from_email: 'your-email@gmail.com',
  is_default: true,
}

const create = ({ testServer }: LiveFixture, body: object = gmail) =>
  testServer.reply('POST /api/v1/smtp/configs', { body })
const local = (port: number, more: object = {}) => ({
  ...gmail,
  host: '127.0.0.1',
  port,
  use_tls: false,
  ...more,
})

describe('An SMTP configuration', () => {
  it('A configuration is created, read, listed, changed and deleted, and never shows its password', async () => {
    const live = await openRelayFixture()
    const { testServer } = live
    const { value: made, events } = await testServer.witness(() => create(live))
    const { password: _, ...shown } = gmail
    expect(made).toEqual({
      ...shown,
      id: expect.any(Number),
      is_active: true,
      daily_limit: null,
      emails_sent_today: 0,
      health: 'unknown',
      failure_count: 0,
      last_used_at: null,
      created_at: '2026-01-15T10:30:00.000Z',
      updated_at: '2026-01-15T10:30:00.000Z',
    })
    expect(events).toMatchObject([{ type: 'relay.created', data: { relay: `relay_${made.id}` } }])
    const params = { id: made.id }
    expect(await testServer.reply('GET /api/v1/smtp/configs/{id}', { params })).toEqual(made)
    expect(await testServer.reply('GET /api/v1/smtp/configs')).toEqual({
      data: [made],
      meta: { current_page: 1, total_pages: 1, total_items: 1 },
    })
    live.clock.advance(60_000)
    const change = await testServer.witness(() =>
      testServer.reply('PUT /api/v1/smtp/configs/{id}', {
        params,
        body: { name: 'New', daily_limit: 9 },
      }),
    )
    expect(change.value).toEqual({
      ...made,
      name: 'New',
      daily_limit: 9,
      updated_at: '2026-01-15T10:31:00.000Z',
    })
    expect(change.events).toMatchObject([{ type: 'relay.updated' }])
    const gone = await testServer.witness(() =>
      testServer.reply('DELETE /api/v1/smtp/configs/{id}', { params }),
    )
    expect(gone.value).toEqual({ message: 'SMTP configuration deleted successfully' })
    expect(gone.events).toMatchObject([{ type: 'relay.deleted' }])
    expect(await testServer.reply('GET /api/v1/smtp/configs')).toEqual({
      data: [],
      meta: { current_page: 1, total_pages: 1, total_items: 0 },
    })
  })

  it('The field use_tls means STARTTLS on port 587 and implicit TLS on port 465', async () => {
    const live = await openRelayFixture()
    const tls = async (id: number) =>
      (await live.testServer.reply('GET /v1/relays/{id}', { params: { id: `relay_${id}` } })).tls
    const { id } = await create(live)
    expect(await tls(id)).toBe('starttls')
    const params = { id }
    const put = (body: object) =>
      live.testServer.reply('PUT /api/v1/smtp/configs/{id}', { params, body })
    await put({ port: 465 })
    expect(await tls(id)).toBe('implicit')
    await put({ use_tls: false })
    expect(await tls(id)).toBe('none')
    await put({ use_tls: true, port: 2525 })
    expect(await tls(id)).toBe('starttls')
    const body = { name: 'n', host: 'h', port: 2465, tls: 'implicit' }
    const native = await live.testServer.reply('POST /v1/relays', { body })
    const number = Number(native.id.slice(6))
    await live.testServer.reply('PUT /api/v1/smtp/configs/{id}', {
      params: { id: number },
      body: { name: 'renamed' },
    })
    expect(await tls(number)).toBe('implicit')
  })

  it('Configurations are listed page by page', async () => {
    const live = await openRelayFixture()
    for (const name of ['a', 'b', 'c']) await create(live, { ...gmail, name, is_default: false })
    const list = await live.testServer.reply('GET /api/v1/smtp/configs', {
      query: { page: 2, per_page: 2 },
    })
    expect(list.data.map(({ name }) => name)).toEqual(['c'])
    expect(list.meta).toEqual({ current_page: 2, total_pages: 2, total_items: 3 })
  })

  it('A new default replaces the former one', async () => {
    const live = await openRelayFixture()
    const first = await create(live)
    const second = await create(live, { ...gmail, name: 'second', is_default: false })
    const { value, events } = await live.testServer.witness(() =>
      live.testServer.reply('POST /api/v1/smtp/configs/{id}/set-default', {
        params: { id: second.id },
      }),
    )
    expect(value).toMatchObject({ message: expect.any(String), config: { is_default: true } })
    expect(events).toMatchObject([{ type: 'relay.updated' }])
    const { data } = await live.testServer.reply('GET /api/v1/smtp/configs')
    expect(data.map(({ id, is_default }) => [id, is_default])).toEqual([
      [second.id, true],
      [first.id, false],
    ])
  })

  it.each(['name', 'host', 'port', 'username', 'password'] as const)(
    'A configuration without %s is refused',
    async (field) => {
      const live = await openRelayFixture()
      const { [field]: _, ...body } = gmail
      const answer = await live.testServer.request('POST /api/v1/smtp/configs', { body })
      expect(expectRefusal(answer, 'missing_required', path)).toContain(field)
    },
  )

  it.each([
    [{ port: 0 }, 'port'],
    [{ from_email: 'x' }, 'from_email'],
    [{ daily_limit: 0 }, 'daily_limit'],
    [{ use_tls: 'yes' }, 'use_tls'],
  ])('A configuration with %j is refused', async (wrong, field) => {
    const live = await openRelayFixture()
    const made = await create(live)
    const answers = [
      await live.testServer.request('POST /api/v1/smtp/configs', { body: { ...gmail, ...wrong } }),
      await live.testServer.request('PUT /api/v1/smtp/configs/{id}', {
        params: { id: made.id },
        body: wrong,
      }),
    ]
    for (const answer of answers) {
      expect(expectRefusal(answer, 'invalid_parameter', path)).toContain(field)
    }
  })

  it.each([
    ['GET /api/v1/smtp/configs/{id}', undefined],
    ['PUT /api/v1/smtp/configs/{id}', { name: 'x' }],
    ['DELETE /api/v1/smtp/configs/{id}', undefined],
    ['POST /api/v1/smtp/configs/{id}/test', { recipient: 'a@example.com' }],
    ['POST /api/v1/smtp/configs/{id}/set-default', undefined],
  ] as const)('%s answers 404 for an unknown configuration', async (line, body) => {
    const live = await openRelayFixture()
    const absent = { params: { id: 99 }, ...(body ? { body } : {}) }
    expectRefusal(await live.testServer.request(line, absent), 'smtp_not_found', path)
    const word = { ...absent, params: { id: 'word' } }
    expectRefusal(await live.testServer.request(line, word), 'not_found', path)
  })

  it('The routes of configurations need manage_smtp', async () => {
    const live = await openRelayFixture()
    const call = async (...permissions: 'manage_smtp'[] | 'send_email'[]) => {
      const { key } = await live.testServer.makeKey({ permissions })
      return live.testServer.request('GET /api/v1/smtp/configs', { key })
    }
    expect((await call('manage_smtp')).status).toBe(200)
    expectRefusal(await call('send_email'), 'insufficient_permissions', path)
  })

  it('The configuration of the environment can become the default and cannot change otherwise', async () => {
    const live = await openRelayFixture()
    await live.testServer.restart({ SMTP_HOST: 'mail.example.com' })
    const { data } = await live.testServer.reply('GET /api/v1/smtp/configs')
    const params = { id: data[0]?.id ?? 0 }
    const body = { name: 'x' }
    const put = await live.testServer.request('PUT /api/v1/smtp/configs/{id}', { params, body })
    expectRefusal(put, 'conflict', path)
    const gone = await live.testServer.request('DELETE /api/v1/smtp/configs/{id}', { params })
    expectRefusal(gone, 'conflict', path)
    await live.testServer.reply('POST /api/v1/smtp/configs/{id}/set-default', { params })
    await live.testServer.restart({ SMTP_HOST: 'other.example.com' })
    const after = await live.testServer.reply('GET /api/v1/smtp/configs')
    expect(after.data).toMatchObject([{ host: 'other.example.com', is_default: true }])
  })
})

describe('The test of an SMTP configuration', () => {
  const line = 'POST /api/v1/smtp/configs/{id}/test'

  test.each(['recipient', 'to_email'])('A test sends a real message to %s', async (field) => {
    const live = await openRelayFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = gmail.password
    const { id } = await create(live, local(sink.port))
    const body = { [field]: 'test@example.com' }
    expect(await live.testServer.reply(line, { params: { id }, body })).toEqual({
      message: 'Test email sent successfully',
      delivery_id: expect.stringMatching(/^del_[0-9a-z]{22}$/),
    })
    expect(sink.messages).toMatchObject([
      { mailFrom: gmail.from_email, rcptTo: ['test@example.com'], user: gmail.username },
    ])
  })

  test('A refused password is reported with the reply of the server', async () => {
    const live = await openRelayFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = 'another'
    const { id } = await create(live, local(sink.port))
    const body = { recipient: 'test@example.com' }
    const answer = await live.testServer.request(line, { params: { id }, body })
    expectRefusal(answer, 'smtp_auth_error', path)
    expect(answer.body).toMatchObject({
      details: { smtp_code: 535, smtp_response: expect.stringContaining('Wrong user name') },
    })
    expect(answer.text).not.toContain(gmail.password)
  })

  test('An unreachable server is reported with its host and port', async () => {
    const live = await openRelayFixture()
    const port = await deafPort()
    const { id } = await create(live, local(port))
    const body = { recipient: 'test@example.com' }
    const answer = await live.testServer.request(line, { params: { id }, body })
    expectRefusal(answer, 'smtp_connection_error', path)
    expect(answer.body).toMatchObject({ details: { host: '127.0.0.1', port } })
  })

  test('A refused message is reported', async () => {
    const live = await openRelayFixture()
    const sink = await openSink({ auth: true })
    sink.rules.recipient = () => '550 5.1.1 No such user'
    const { id } = await create(live, local(sink.port))
    const body = { recipient: 'test@example.com' }
    const answer = await live.testServer.request(line, { params: { id }, body })
    expect(expectRefusal(answer, 'smtp_error', path)).toContain('No such user')
  })

  test('A test needs a valid recipient', async () => {
    const live = await openRelayFixture()
    const { id } = await create(live)
    const ask = (body: object) => live.testServer.request(line, { params: { id }, body })
    expect(expectRefusal(await ask({}), 'missing_required', path)).toContain('recipient')
    expectRefusal(await ask({ recipient: 'x' }), 'invalid_parameter', path)
  })
})

describe('The field smtp_id', () => {
  const send = (live: LiveFixture, more: object) =>
    live.testServer.request('POST /api/v1/emails/send', {
      key: live.key,
      body: { to: 'ann@example.com', subject: 'Hello', body: 'It works.', ...more },
    })

  test('The id chooses the relay and its sender, and the default relay is used without it', async () => {
    const live = await openRelayFixture()
    const [first, second] = [await openSink({ auth: true }), await openSink({ auth: true })]
    await create(live, local(first.port, { from_email: 'first@example.com' }))
    const { id } = await create(
      live,
      local(second.port, { from_email: 'second@example.com', is_default: false }),
    )
    for (const smtp_id of [id, String(id)]) {
      expect((await send(live, { smtp_id })).status).toBe(202)
    }
    expect((await send(live, {})).status).toBe(202)
    await live.testServer.server.idle()
    expect(second.messages.map(({ mailFrom }) => mailFrom)).toEqual([
      'second@example.com',
      'second@example.com',
    ])
    expect(first.messages.map(({ mailFrom }) => mailFrom)).toEqual(['first@example.com'])
  })

  test('An unknown id is refused', async () => {
    const live = await openRelayFixture()
    expectRefusal(await send(live, { smtp_id: 77 }), 'smtp_not_found', path)
  })
})
