import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addRelay,
  deafPort,
  openLiveFixture,
  openSink,
  raw,
  submit,
  submitted,
} from './live-fixture.ts'

describe('A server without a relay', () => {
  test('A live message is refused over SMTP with 554 5.3.5, logged, and not stored', async () => {
    const live = await openLiveFixture()
    const { value: answer, events } = await live.testServer.witness(() => submit(live))
    expect(answer.code).toBe(554)
    expect(answer.lines[0]).toMatch(/^5\.3\.5 No SMTP relay is configured/)
    expect(events).toMatchObject([
      {
        type: 'request',
        keyId: live.keyId,
        data: { route: 'SMTP', fault: 'relay_not_configured' },
      },
    ])
    expect(events).toHaveLength(1)
    expect((await live.testServer.reply('GET /v1/emails')).data).toEqual([])
  })

  test.each([
    ['POST /v1/send', { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }],
    ['POST /api/v1/emails/send', { to: 'b@example.com', subject: 's', body: 't' }],
  ] as const)('A live message is refused over %s with 422, and not stored', async (line, body) => {
    const live = await openLiveFixture()
    const { value: answer, events } = await live.testServer.witness(() =>
      live.testServer.request(line, { key: live.key, body }),
    )
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('relay_not_configured')
    expect(events.map(({ type }) => type)).toEqual(['request'])
    expect((await live.testServer.reply('GET /v1/emails')).data).toEqual([])
  })
})

describe('The relay test', () => {
  const line = 'POST /v1/relays/{id}/test'

  test('The test succeeds and sends a message to a given address', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = 'right'
    const { id } = await addRelay(live, sink, {
      username: 'u',
      password: 'right',
      from_email: 'shop@example.com',
    })
    const connected = await live.testServer.reply(line, { params: { id }, body: {} })
    expect(connected.status).toBe('ok')
    expect(sink.messages).toEqual([])
    await live.testServer.reply(line, { params: { id }, body: { recipient: 'ann@example.com' } })
    expect(sink.messages).toMatchObject([
      { mailFrom: 'shop@example.com', rcptTo: ['ann@example.com'] },
    ])
    expect(await live.testServer.reply('POST /v1/test-smtp')).toMatchObject({ status: 'ok' })
  })

  test('The test names the cause: the password, the connection, or the message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    sink.rules.password = 'right'
    const wrong = await addRelay(live, sink, { username: 'u', password: 'wrong' })
    const refused = await live.testServer.request(line, { params: { id: wrong.id }, body: {} })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ error: { code: 'smtp_auth_error' } })
    expect(refused.text).not.toContain('"wrong"')

    const deaf = await addRelay(live, { port: await deafPort() })
    const unreached = await live.testServer.request(line, { params: { id: deaf.id }, body: {} })
    expect(unreached.body).toMatchObject({ error: { code: 'smtp_connection_error' } })
    expect(unreached.text).toContain('ECONNREFUSED')

    const right = await addRelay(live, sink, { username: 'u', password: 'right' })
    sink.rules.recipient = () => '550 5.1.1 No such user'
    const rejected = await live.testServer.request(line, {
      params: { id: right.id },
      body: { recipient: 'gone@example.com' },
    })
    expect(rejected.body).toMatchObject({ error: { code: 'smtp_error' } })
    expect(rejected.text).toContain('No such user')
  })
})

describe('The relay of the environment', () => {
  test('The relay exists only with SMTP_HOST and cannot be changed', async () => {
    const live = await openLiveFixture()
    const sink = await openSink({ auth: true })
    const env = {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(sink.port),
      SMTP_USER: 'env-user',
      SMTP_PASS: 'env-password',
      SMTP_TLS: 'false',
    }
    await live.testServer.restart(env)
    const { data } = await live.testServer.reply('GET /v1/relays')
    expect(data).toMatchObject([
      { host: '127.0.0.1', source: 'environment', username: 'env-user', has_password: true },
    ])
    const params = { id: data[0]?.id ?? '' }
    const change = { params, body: { host: 'elsewhere.example' } }
    expect((await live.testServer.request('PATCH /v1/relays/{id}', change)).status).toBe(409)
    expect((await live.testServer.request('DELETE /v1/relays/{id}', { params })).status).toBe(409)
    await submitted(live)
    await live.testServer.server.idle()
    expect(sink.messages).toMatchObject([{ user: 'env-user' }])

    await live.testServer.restart({ ...env, SMTP_USER: 'other-user' })
    const changed = await live.testServer.reply('GET /v1/relays')
    expect(changed.data).toMatchObject([{ id: params.id, username: 'other-user' }])

    await live.testServer.restart()
    expect((await live.testServer.reply('GET /v1/relays')).data).toEqual([])
    expect((await submit(live)).code).toBe(554)
  })
})

describe('Secrets in the database', () => {
  test('Relay passwords and keys are in no database file in plain text', async () => {
    const live = await openLiveFixture({
      SMTP_HOST: '127.0.0.1',
      SMTP_PASS: 'password-from-environment',
      SMTP_USER: 'someone',
    })
    const sink = await openSink({ auth: true })
    const { id } = await addRelay(live, sink, { username: 'u', password: 'password-when-created' })
    await live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id },
      body: { password: 'password-when-changed', priority: 1 },
    })
    await submitted(live)
    await live.testServer.server.idle()
    const files = readdirSync(live.testServer.folder).filter((name) =>
      name.startsWith('mailsage.db'),
    )
    const bytes = Buffer.concat(
      files.map((name) => readFileSync(join(live.testServer.folder, name))),
    )
    expect(bytes.includes('someone')).toBe(true)
    expect(bytes.includes(raw.slice(0, 60))).toBe(true)
    for (const secret of ['environment', 'when-created', 'when-changed']) {
      expect(
        bytes.includes(`password-${secret}`) || bytes.includes(`password-from-${secret}`),
      ).toBe(false)
    }
    expect(bytes.includes(live.key)).toBe(false)
    const answers = await live.testServer.request('GET /v1/relays')
    expect(answers.text).not.toContain('password-')
  })
})
