import { expect, it } from 'vitest'
import { deafPort } from '../delivery/live-fixture.ts'
import type { Answer } from '../http-client.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const tester = await testServer.makeKey({ permissions: ['*'] })
const live = await testServer.makeKey({ permissions: ['*'], mode: 'live' })
const relay = { name: 'deaf', host: '127.0.0.1', port: await deafPort(), tls: 'none' }
await testServer.reply('POST /v1/relays', { body: relay })
const template = await testServer.reply('POST /v1/templates', {
  body: { name: 'hello', subject: 'Hello', html: '<p>Hi</p>' },
})

const one = { recipient: { email: 'ann@example.com' }, subject: 'Hi', body: 'x' }
const people = [{ email: 'ann@example.com' }, { email: 'bob@example.com' }]
const many = { recipients: people, subject: 'Hi', body: 'x' }
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const soon = () => ({ ...mail, scheduled_at: new Date(clock.now() + 60_000).toISOString() })
const file = Buffer.from('From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nx\r\n')

const captured = await testServer.reply('POST /v1/send', { key: tester.key, body: mail })

type Way = readonly [name: string, messages: number, send: () => Promise<Answer>]

const { key } = tester
const ways: readonly Way[] = [
  [
    'one of MailSage’s',
    1,
    () => testServer.request('POST /api/v1/emails/send', { key, body: one }),
  ],
  [
    'a live one of MailSage’s',
    1,
    () => testServer.request('POST /api/v1/emails/send', { key: live.key, body: one }),
  ],
  ['a job', 2, () => testServer.request('POST /api/v1/emails/batch', { key, body: many })],
  [
    'a live job',
    2,
    () => testServer.request('POST /api/v1/emails/send/batch', { key: live.key, body: many }),
  ],
  ['one of SelfMX’s', 1, () => testServer.request('POST /v1/send', { key, body: mail })],
  ['one for later', 1, () => testServer.request('POST /v1/send', { key, body: soon() })],
  [
    'a template',
    1,
    () =>
      testServer.request('POST /v1/templates/{id}/capture', {
        key,
        params: { id: template.id },
        body: { from: 'a@example.com', to: 'b@example.com' },
      }),
  ],
  [
    'a file',
    1,
    () =>
      testServer.request('POST /v1/inbox/import', {
        key,
        body: file,
        headers: { 'content-type': 'message/rfc822' },
      }),
  ],
  [
    'a release',
    1,
    () =>
      testServer.request('POST /v1/inbox/{id}/release', {
        key: live.key,
        params: { id: captured.id },
        body: {},
      }),
  ],
]

it.each(ways)(
  '%s has the request id of its submission, which is in the access log',
  async (...way) => {
    const [, messages, send] = way
    await testServer.server.idle()
    const before = testServer.server.domain.events.lastSeq()
    const answer = await send()
    expect(answer.status, answer.text).toBeLessThan(300)
    const id = answer.headers['x-request-id']
    await testServer.server.idle()
    clock.advance(61_000)
    const came = await eventually(async () => {
      const events = await testServer.events(['captured', 'queued'], before)
      return events.length === messages ? events : undefined
    })
    expect(came.map(({ data }) => data.request_id)).toEqual(came.map(() => id))
    const [first] = came
    const { data: found } = await testServer.reply('GET /v1/logs', {
      query: { email_id: first?.messageId ?? '', type: 'message' },
    })
    const arrival = found.find(({ event }) => event === 'captured' || event === 'queued')
    expect(arrival?.request_id).toBe(id)
    const { data: requests } = await testServer.reply('GET /v1/logs', {
      query: { request_id: String(id), type: 'request' },
    })
    expect(requests).toMatchObject([{ request_id: id, status: answer.status }])
  },
)

it('A repeat with the same Idempotency-Key is recognised despite another request id', async () => {
  const lines = ['POST /api/v1/emails/send', 'POST /api/v1/emails/batch'] as const
  for (const line of lines) {
    const call = {
      key,
      headers: { 'idempotency-key': line },
      body: line.endsWith('send') ? one : many,
    }
    const answers = [await testServer.request(line, call), await testServer.request(line, call)]
    expect(answers[1]?.body).toEqual(answers[0]?.body)
  }
})
