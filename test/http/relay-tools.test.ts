import { describe, expect, it, onTestFinished } from 'vitest'
import type { RelayConversation } from '../../src-main/contract/relay-tests.ts'
import type { Answer } from '../http-client.ts'
import { type SinkOptions, startSink } from '../smtp-sink.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const make = (change: object = {}) =>
  testServer.reply('POST /v1/relays', {
    body: { name: 'Main', host: '127.0.0.1', port: 9, tls: 'none', ...change },
  })
const remove = (id: string) => testServer.request('DELETE /v1/relays/{id}', { params: { id } })
const names = async () => (await testServer.reply('GET /v1/relays')).data.map(({ name }) => name)

async function openSink(options: SinkOptions) {
  const sink = await startSink(options)
  onTestFinished(sink.close)
  return sink
}

function conversationOf(answer: Answer): RelayConversation {
  const { conversation, error } = answer.body as {
    conversation?: RelayConversation
    error?: { details?: { conversation: RelayConversation } }
  }
  const found = conversation ?? error?.details?.conversation
  if (!found) throw new Error(`No conversation in ${answer.text}`)
  return found
}

const outcome = ({ steps }: RelayConversation) => steps.map(({ name, status }) => [name, status])

describe('POST /v1/relays/test', () => {
  const draft = (body: object) =>
    testServer.request('POST /v1/relays/test', { body: { host: '127.0.0.1', ...body } })

  it('The test reports each step with its time, the certificate, and a transcript without credentials', async () => {
    const sink = await openSink({ tls: 'starttls', auth: true })
    sink.rules.password = 'hunter2-hunter2'
    const answer = await draft({
      port: sink.port,
      tls_verify: false,
      username: 'shop',
      password: 'hunter2-hunter2',
    })
    expect(answer.status).toBe(200)
    const conversation = conversationOf(answer)
    expect(outcome(conversation)).toEqual([
      ['connect', 'ok'],
      ['tls', 'ok'],
      ['features', 'ok'],
      ['sign_in', 'ok'],
    ])
    for (const { duration_ms } of conversation.steps) expect(duration_ms).toBeGreaterThanOrEqual(0)
    expect(conversation.certificate).toMatchObject({
      protocol: expect.stringMatching(/^TLSv1/),
      trusted: false,
    })
    const lines = conversation.lines.map(({ line }) => line)
    expect(lines).toContain('STARTTLS')
    expect(lines).toContain('AUTH PLAIN ••••••')
    expect(answer.text).not.toContain('hunter2')
    expect(answer.text).not.toContain(Buffer.from('\0shop\0hunter2-hunter2').toString('base64'))
    expect((await testServer.reply('GET /v1/relays')).data).toEqual([])
  })

  it('The test shows the certificate of implicit TLS, and refuses one that it cannot verify', async () => {
    const sink = await openSink({ tls: 'implicit' })
    const good = conversationOf(
      await draft({ port: sink.port, tls: 'implicit', tls_verify: false }),
    )
    expect(outcome(good)).toEqual([
      ['connect', 'ok'],
      ['tls', 'ok'],
      ['features', 'ok'],
    ])
    expect(good.certificate).not.toBeNull()
    const refused = await draft({ port: sink.port, tls: 'implicit' })
    expect(expectRefusal(refused, 'smtp_connection_error')).toMatch(/self-signed|certificate/i)
  })

  it('A wrong password fails the sign-in step', async () => {
    const sink = await openSink({ auth: true })
    sink.rules.password = 'right'
    const answer = await draft({ port: sink.port, tls: 'none', username: 'shop', password: 'no' })
    expectRefusal(answer, 'smtp_auth_error')
    expect(outcome(conversationOf(answer))).toEqual([
      ['connect', 'ok'],
      ['features', 'ok'],
      ['sign_in', 'failed'],
    ])
  })

  it('A host without a server fails the connection step', async () => {
    const answer = await draft({ port: 9, tls: 'none', username: 'shop', password: 'x' })
    expectRefusal(answer, 'smtp_connection_error')
    expect(outcome(conversationOf(answer))).toEqual([
      ['connect', 'failed'],
      ['features', 'skipped'],
      ['sign_in', 'skipped'],
    ])
  })

  it('Missing secrets are taken from a saved relay', async () => {
    const sink = await openSink({ auth: true })
    sink.rules.password = 'right'
    const { id } = await make({ username: 'shop', password: 'right' })
    const body = { port: sink.port, tls: 'none', username: 'shop', relay_id: id }
    expect((await draft(body)).status).toBe(200)
    expectRefusal(await draft({ ...body, password: 'wrong' }), 'smtp_auth_error')
    expectRefusal(await draft({ ...body, relay_id: 'relay_999' }), 'not_found')
    await remove(id)
  })
})

it('POST /v1/relays/{id}/test ends its steps with the message', async () => {
  const sink = await openSink({})
  const { id } = await make({ port: sink.port })
  const answer = await testServer.request('POST /v1/relays/{id}/test', {
    params: { id },
    body: { recipient: 'ann@example.com' },
  })
  expect(outcome(conversationOf(answer)).at(-1)).toEqual(['message', 'ok'])
  expect(sink.messages).toHaveLength(1)
  await remove(id)
})

describe('PUT /v1/relays/order', () => {
  const order = (ids: readonly string[]) =>
    testServer.request('PUT /v1/relays/order', { body: { ids } })

  it('The relays are used in the given order, and the first one becomes the default if there is one', async () => {
    const made = [await make({ name: 'a' }), await make({ name: 'b' }), await make({ name: 'c' })]
    const [a = '', b = '', c = ''] = made.map(({ id }) => id)
    expect((await order([c, a, b])).status).toBe(200)
    expect(await names()).toEqual(['c', 'a', 'b'])
    expect((await testServer.reply('GET /v1/relays')).data.some((relay) => relay.is_default)).toBe(
      false,
    )
    await testServer.reply('PATCH /v1/relays/{id}', {
      params: { id: b },
      body: { is_default: true },
    })
    expect(await names()).toEqual(['b', 'c', 'a'])
    const { value, events } = await testServer.witness(() => order([a, b, c]))
    expect(value.status).toBe(200)
    expect(events.every(({ type }) => type === 'relay.updated')).toBe(true)
    const { data } = await testServer.reply('GET /v1/relays')
    expect(data.map(({ name, is_default }) => [name, is_default])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ])
    expectRefusal(await order([a, b]), 'conflict')
    expectRefusal(await order([a, b, b]), 'conflict')
    expectRefusal(await order([a, b, 'relay_999']), 'conflict')
    for (const { id } of made) await remove(id)
  })

  it('The relay of the environment keeps its place, also after a restart', async () => {
    const other = await startTestServer({ env: { SMTP_HOST: 'mail.example.com' } })
    const [fixed] = (await other.reply('GET /v1/relays')).data
    const spare = await other.reply('POST /v1/relays', { body: { name: 'spare', host: 'x' } })
    const ids = [spare.id, fixed?.id ?? '']
    await other.reply('PUT /v1/relays/order', { body: { ids } })
    await other.restart()
    expect((await other.reply('GET /v1/relays')).data.map(({ id }) => id)).toEqual(ids)
    const params = { id: fixed?.id ?? '' }
    await other.reply('PATCH /v1/relays/{id}', { params, body: { is_default: true } })
    expect((await other.reply('GET /v1/relays')).data[0]?.id).toBe(params.id)
  })
})

it('POST /v1/relays/dkim-key creates a key pair that a relay accepts', async () => {
  const where = { domain: 'example.com', selector: 'mail' }
  const key = await testServer.reply('POST /v1/relays/dkim-key', { body: where })
  expect(key.dns_name).toBe('mail._domainkey.example.com')
  const relay = await make({ dkim: { ...where, private_key: key.private_key } })
  expect(relay.dkim).toEqual({ ...where, dns_name: key.dns_name, dns_value: key.dns_value })
  await remove(relay.id)
})

it('GET /v1/relays/{id}/queue counts waiting mail and names the relay that takes over', async () => {
  const first = await make({ name: 'first', priority: 1 })
  const second = await make({ name: 'second', priority: 2 })
  const { key } = await testServer.makeKey({ mode: 'live' })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
  await testServer.reply('POST /v1/send', { key, body: mail })
  const params = { id: first.id }
  expect(await testServer.reply('GET /v1/relays/{id}/queue', { params })).toEqual({
    waiting: 1,
    chosen: 0,
    next: 'second',
  })
  await remove(second.id)
  expect((await testServer.reply('GET /v1/relays/{id}/queue', { params })).next).toBeNull()
  const gone = { id: 'relay_999' }
  expectRefusal(
    await testServer.request('GET /v1/relays/{id}/queue', { params: gone }),
    'not_found',
  )
  await remove(first.id)
})
