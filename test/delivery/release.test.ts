import { expect, test } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { addRelay, type LiveFixture, openLiveFixture, openSink, raw } from './live-fixture.ts'

const line = 'POST /v1/inbox/{id}/release'

/** A test server with a message that a test key has captured, and a live key that may release it. */
async function open(settings: Readonly<Record<string, unknown>> = {}) {
  const live = await openLiveFixture()
  const { testServer } = live
  const testKey = await testServer.makeKey({ permissions: ['send', 'inbox:read', 'inbox:write'] })
  const liveKey = await testServer.makeKey({
    mode: 'live',
    permissions: ['send', 'inbox:write', 'logs:read'],
    ...settings,
  })
  const id = await capture(live, testKey.key)
  const release = (body: unknown = {}, key = liveKey.key, message = id) =>
    testServer.request(line, { key, params: { id: message }, body })
  return { live, testServer, id, testKey, liveKey, release }
}

async function capture({ testServer }: LiveFixture, key: string): Promise<string> {
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key)
  const { lines } = await conversation.send({
    raw,
    to: ['ann@example.com', 'hidden@example.com'],
  })
  return /msg_\w+/.exec(lines[0] ?? '')?.[0] ?? ''
}

test('A live key releases a captured message byte for byte, and the message stays captured', async () => {
  const { live, testServer, id, liveKey, release } = await open()
  const sink = await openSink()
  await addRelay(live, sink)
  const { value: answer, events } = await testServer.witness(() => release())
  expect(answer.status).toBe(202)
  const sent = answer.body as { id: string; status: string }
  expect(sent).toEqual({
    id: expect.stringMatching(/^msg_[0-9a-z]{22}$/),
    status: 'queued',
    created_at: '2026-01-15T10:30:00.000Z',
  })
  expect(sent.id).not.toBe(id)
  await testServer.server.idle()
  expect(sink.messages).toMatchObject([
    { mailFrom: 'app@example.com', rcptTo: ['ann@example.com', 'hidden@example.com'] },
  ])
  expect(sink.messages[0]?.raw.toString()).toContain('.a line that begins with a dot\r\nGrüße')
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'queued', keyId: liveKey.id, messageId: sent.id },
    {
      type: 'released',
      keyId: liveKey.id,
      messageId: sent.id,
      data: { captured: id, by: liveKey.id, recipients: 2 },
    },
  ])
  const later = events.slice(2).map(({ type }) => type)
  expect(later.toSorted()).toEqual(['delivered', 'delivered', 'request', 'sending', 'sending'])
  const email = await testServer.reply('GET /v1/emails/{id}', { params: { id: sent.id } })
  expect(email).toMatchObject({ mode: 'live', status: 'delivered' })
  const captured = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
  expect(captured).toMatchObject({ mode: 'test', status: 'captured' })
})

test('A release can set other recipients, another sender and another relay', async () => {
  const { live, testServer, release } = await open()
  const [first, second] = [await openSink(), await openSink()]
  await addRelay(live, first)
  const { id: relay_id } = await addRelay(live, second, { name: 'second' })
  const answer = await release({
    to: ['Eve <eve@example.com>', 'eve@example.com', 'dan@example.com'],
    from: 'bounces@example.com',
    relay_id,
  })
  expect(answer.status).toBe(202)
  await testServer.server.idle()
  expect(first.connections).toBe(0)
  expect(second.messages).toMatchObject([
    { mailFrom: 'bounces@example.com', rcptTo: ['eve@example.com', 'dan@example.com'] },
  ])
})

test('A release with a test key is refused, and opens no connection to the relay', async () => {
  const { live, testServer, testKey, release } = await open()
  const sink = await openSink()
  await addRelay(live, sink)
  const { id: relay_id } = await addRelay(live, sink, { name: 'again' })
  const every = await testServer.makeKey({ mode: 'test', permissions: ['*'] })
  for (const key of [testKey.key, every.key]) {
    for (const body of [{}, { to: ['eve@example.com'] }, { relay_id }, { mode: 'live' }]) {
      const sentence = expectRefusal(await release(body, key), 'not_found')
      expect(sentence).toMatch(/which a test key can neither see nor change/)
    }
  }
  await testServer.server.idle()
  live.clock.advance(10 * 3_600_000)
  await testServer.restart()
  await testServer.server.idle()
  expect(sink.connections).toBe(0)
  const { data } = await testServer.reply('GET /v1/emails')
  expect(data.map(({ mode, status }) => `${mode} ${status}`)).toEqual(['test captured'])

  // The relay works, so only the key makes the difference.
  expect((await release()).status).toBe(202)
  await testServer.server.idle()
  expect(sink.connections).toBe(1)
})

test('A release without a relay stores no sent message', async () => {
  const { testServer, release } = await open()
  expectRefusal(await release(), 'relay_not_configured')
  expectRefusal(await release({ relay_id: 'relay_9' }), 'smtp_not_found')
  expect((await testServer.reply('GET /v1/emails')).data).toHaveLength(1)
})

test('Only a captured message can be released', async () => {
  const { live, testServer, release, liveKey } = await open()
  const sink = await openSink()
  await addRelay(live, sink)
  expectRefusal(await release({}, liveKey.key, 'msg_0000000000000000000000'), 'not_found')
  const sent = (await release()).body as { id: string }
  await testServer.server.idle()
  expectRefusal(await release({}, liveKey.key, sent.id), 'not_found')
  expect(sink.messages).toHaveLength(1)
})

test.each([
  [{ to: [] }, 'invalid_parameter'],
  [{ to: 'eve@example.com' }, 'invalid_parameter'],
  [{ to: ['nobody'] }, 'invalid_recipient'],
  [
    { to: Array.from({ length: 1000 }, (_, n) => `a${n}@example.com, b${n}@example.com`) },
    'too_many_recipients',
  ],
  [{ from: 'nobody' }, 'invalid_sender'],
  [{ from: 'elsewhere@example.org' }, 'sender_not_allowed'],
  [{ relay_id: 7 }, 'invalid_parameter'],
  [{ relay_id: 'relay_99' }, 'smtp_not_found'],
  [[], 'invalid_request'],
] as const)('The release %j is refused with %s', async (body, code) => {
  const { live, testServer, release } = await open({ allowed_senders: ['example.com'] })
  const sink = await openSink()
  await addRelay(live, sink)
  expectRefusal(await release(body), code)
  await testServer.server.idle()
  expect(sink.connections).toBe(0)
})

test('A release needs inbox:write and send', async () => {
  const { live, testServer, release } = await open()
  const sink = await openSink()
  await addRelay(live, sink)
  for (const permissions of [['send'], ['inbox:write']] as const) {
    const { key } = await testServer.makeKey({ mode: 'live', permissions: [...permissions] })
    expectRefusal(await release({}, key), 'insufficient_permissions')
  }
  expect(sink.connections).toBe(0)
})

test('A release counts against the daily limit of its key', async () => {
  const { live, release } = await open({ rate_limit: { emails_per_day: 1 } })
  const sink = await openSink()
  await addRelay(live, sink)
  expect((await release()).status).toBe(202)
  expectRefusal(await release(), 'daily_limit_exceeded')
})
