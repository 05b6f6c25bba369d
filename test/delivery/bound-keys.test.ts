import { expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import type { Line } from '../test-server.ts'
import { addRelay, openLiveFixture, openSink } from './live-fixture.ts'

const hourMs = 3_600_000
const allowed = 'ok.example'

/** Mail and jobs of two senders, all of which wait; `send` acts on them with the bound key. */
async function openFixture() {
  const live = await openLiveFixture()
  const { testServer, clock } = live
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'ceo@other.example' })
  const { key } = await testServer.makeKey({
    mode: 'live',
    permissions: ['send', 'logs:read'],
    allowed_senders: [allowed],
  })
  const scheduled_at = new Date(clock.now() + hourMs).toISOString()
  const send = async (from: string, more: object = {}): Promise<string> => {
    const body = { from, to: 'ann@example.com', subject: 's', text: 't', ...more }
    return (await testServer.reply('POST /v1/send', { body })).id
  }
  sink.rules.recipient = () => '451 4.2.0 Mailbox busy'
  const deferred = async (from: string): Promise<string> => {
    const id = await send(from)
    await testServer.server.idle()
    return id
  }
  const batch = async (): Promise<string> => {
    const recipients = [{ email: 'a@example.com' }, { email: 'b@example.com' }]
    const body = { subject: 's', body: 'b', recipients }
    return (await testServer.reply('POST /api/v1/emails/batch', { body })).job_id
  }
  return { ...live, sink, key, send, deferred, batch, scheduled_at }
}

it('A key with allowed_senders acts on no stored mail or job of another sender', async () => {
  const { testServer, clock, sink, key, send, deferred, batch, scheduled_at } = await openFixture()
  const theirs = 'ceo@other.example'
  const scheduled = await send(theirs, { scheduled_at })
  const late = await deferred(theirs)
  const job = await batch()
  await testServer.server.idle()
  const past = new Date(clock.now() - 1000).toISOString()
  const calls: readonly [Line, string, unknown?][] = [
    ['PATCH /v1/emails/{id}', scheduled, { scheduled_at: past }],
    ['POST /v1/emails/{id}/cancel', scheduled],
    ['POST /v1/emails/{id}/cancel', late],
    ['POST /v1/emails/{id}/retry', late],
    ['POST /v1/outbox/retry', '', { ids: [late] }],
    ['POST /v1/jobs/{id}/pause', job],
    ['POST /v1/jobs/{id}/resume', job],
    ['POST /v1/jobs/{id}/stop', job],
    ['POST /v1/jobs/{id}/retry', job],
    ['POST /api/v1/emails/jobs/{id}/control', job, { action: 'pause' }],
    ['POST /api/v1/emails/jobs/{id}/control', job, { action: 'stop' }],
    ['POST /api/v1/emails/jobs/{id}/retry', job],
  ]
  const sent = sink.messages.length
  delete sink.rules.recipient
  for (const [line, id, body] of calls) {
    const answer = await testServer.request(line, { key, params: { id }, body })
    expectRefusal(answer, 'sender_not_allowed', line.split(' ')[1])
  }
  await testServer.server.idle()
  expect(sink.messages).toHaveLength(sent)
  const statusOf = async (id: string) =>
    (await testServer.reply('GET /v1/emails/{id}', { params: { id } })).status
  expect(await statusOf(scheduled)).toBe('scheduled')
  expect(await statusOf(late)).toBe('queued')
})

it('A key with allowed_senders is bound by the From field of stored mail, not by its envelope alone', async () => {
  const { testServer, key, sink, clock } = await openFixture()
  sink.rules.recipient = () => '451 4.2.0 Mailbox busy'
  const captured = await testServer.makeKey()
  const mail = { from: 'ceo@other.example', to: 'ann@example.com', subject: 's', text: 't' }
  const { id } = await testServer.reply('POST /v1/send', { key: captured.key, body: mail })
  const released = await testServer.reply('POST /v1/inbox/{id}/release', {
    params: { id },
    body: { from: `app@${allowed}` },
  })
  await testServer.server.idle()
  clock.advance(1000)
  const call = { key, params: { id: released.id } }
  expectRefusal(await testServer.request('POST /v1/emails/{id}/retry', call), 'sender_not_allowed')
})

it('A key with allowed_senders retries, reschedules and cancels mail of its own senders', async () => {
  const { testServer, sink, key, send, deferred, scheduled_at } = await openFixture()
  const from = `app@${allowed}`
  const late = await deferred(from)
  const scheduled = await send(from, { scheduled_at })
  delete sink.rules.recipient
  const params = { id: scheduled }
  const ids = [late]
  await testServer.reply('POST /v1/emails/{id}/retry', { key, params: { id: late } })
  await testServer.reply('PATCH /v1/emails/{id}', { key, params, body: { scheduled_at } })
  await testServer.reply('POST /v1/emails/{id}/cancel', { key, params })
  await testServer.server.idle()
  const again = await testServer.reply('POST /v1/outbox/retry', { key, body: { ids } })
  expect(again).toEqual({ retried: [], skipped: ids })
  expect(sink.messages.map(({ mailFrom }) => mailFrom)).toEqual([from])
})

it('MailSage’s batch refuses a forbidden sender at once, as a single send does', async () => {
  const { testServer, key } = await openFixture()
  const single = { recipient: { email: 'a@example.com' }, subject: 's', body: 'b' }
  const batch = { recipients: [{ email: 'a@example.com' }], subject: 's', body: 'b' }
  for (const [line, body] of [
    ['POST /api/v1/emails/send', single],
    ['POST /api/v1/emails/batch', batch],
    ['POST /api/v1/emails/send/batch', batch],
  ] as const) {
    expectRefusal(await testServer.request(line, { key, body }), 'sender_not_allowed', '/api/v1')
  }
  expect((await testServer.reply('GET /v1/jobs', {})).data).toEqual([])
})
