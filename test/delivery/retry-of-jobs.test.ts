import { expect, test } from 'vitest'
import type { Sink } from '../smtp-sink.ts'
import { eventually } from '../test-server.ts'
import { addRelay, type LiveFixture, openLiveFixture, openSink, pass } from './live-fixture.ts'

const minutesBetween = [1, 5, 30, 120, 360]

type Ticket = { readonly job_id: string }

/** A job of one recipient that the relay refuses. */
async function withFailedJob(reply: `4${number} ${string}` | `5${number} ${string}`) {
  const live = await openLiveFixture()
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'app@example.com' })
  sink.rules.recipient = () => reply
  const { testServer, key } = live
  const body = { recipients: [{ email: 'ann@example.com' }], subject: 'Hi', body: 'x' }
  const { body: ticket } = await testServer.request('POST /api/v1/emails/batch', { key, body })
  const id = Number((ticket as Ticket).job_id)
  for (const minutes of minutesBetween) await pass(live, minutes * 60_000)
  await eventually(async () => ((await jobOf(live, id)).status === 'failed' ? true : undefined))
  const { deliveries } = await testServer.reply('GET /api/v1/emails/jobs/{id}/deliveries', {
    key,
    params: { id },
  })
  delete sink.rules.recipient
  return { live, sink, id, message: deliveries[0]?.tracking_id ?? '' }
}

const jobOf = ({ testServer, key }: LiveFixture, id: number) =>
  testServer.reply('GET /api/v1/emails/jobs/{id}', { key, params: { id } })

const retryJob = ({ testServer, key }: LiveFixture, id: number) =>
  testServer.request('POST /api/v1/emails/jobs/{id}/retry', { key, params: { id } })

const retryMessage = ({ testServer, key }: LiveFixture, id: string) =>
  testServer.request('POST /v1/emails/{id}/retry', { key, params: { id } })

async function expectSentOnce(live: LiveFixture, sink: Sink, id: number): Promise<void> {
  for (const minutes of minutesBetween) await pass(live, minutes * 60_000)
  expect(sink.messages.map(({ rcptTo }) => rcptTo)).toEqual([['ann@example.com']])
  const { progress } = await jobOf(live, id)
  expect(progress).toMatchObject({ sent: 1, failed: 0, pending: 0 })
}

test('A retried job and then its retried message send once', async () => {
  const { live, sink, id, message } = await withFailedJob('451 4.2.0 Mailbox busy')
  expect((await retryJob(live, id)).status).toBe(200)
  await retryMessage(live, message)
  await expectSentOnce(live, sink, id)
  await eventually(async () => ((await jobOf(live, id)).status === 'completed' ? true : undefined))
})

test('A retried message and then its retried job send once', async () => {
  const { live, sink, id, message } = await withFailedJob('451 4.2.0 Mailbox busy')
  expect((await retryMessage(live, message)).status).toBe(200)
  await retryJob(live, id)
  await expectSentOnce(live, sink, id)
})

test('A job and its message that are both retried twice at the same time send once', async () => {
  const { live, sink, id, message } = await withFailedJob('451 4.2.0 Mailbox busy')
  await Promise.all([
    retryMessage(live, message),
    retryJob(live, id),
    retryJob(live, id),
    retryMessage(live, message),
  ])
  await expectSentOnce(live, sink, id)
})

test('A job retried after a bounce sends a new message and keeps the bounced one', async () => {
  const { live, sink, id, message } = await withFailedJob('550 5.1.1 No such user')
  expect((await retryJob(live, id)).status).toBe(200)
  expect((await retryMessage(live, message)).status).toBe(409)
  await expectSentOnce(live, sink, id)
})

test('A retried job restarts all attempts of its failed recipients', async () => {
  const { live, sink, id, message } = await withFailedJob('451 4.2.0 Mailbox busy')
  const { value: answer, events } = await live.testServer.witness(() => retryJob(live, id))
  expect(answer.status).toBe(200)
  expect(events.filter(({ type }) => type === 'retried')).toMatchObject([
    { messageId: message, data: { recipient: 'ann@example.com', by: live.keyId } },
  ])
  await expectSentOnce(live, sink, id)
})
