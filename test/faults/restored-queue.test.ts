import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  addRelay,
  emailOf,
  type LiveFixture,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from '../delivery/live-fixture.ts'
import { openReceiver } from '../webhooks/webhook-fixture.ts'

const hourMs = 3_600_000
const octets = { 'content-type': 'application/octet-stream' }
const mail = { from: 'app@example.com', to: 'later@example.com', subject: 'Later', text: 'x' }

const backupOf = async ({ testServer }: LiveFixture) =>
  (await testServer.request('GET /v1/backup')).bytes

async function lay({ testServer }: LiveFixture, body: Buffer) {
  const { restore } = await testServer.reply('POST /v1/restore', { body, headers: octets })
  return restore
}

const stateOf = async ({ testServer }: LiveFixture) =>
  (await testServer.reply('GET /v1/storage')).restored_queue

/** Backs up mail in every state that leads to sending, and then sends all of it. */
async function openSent() {
  const live = await openLiveFixture()
  const sink = await openSink()
  const receiver = await openReceiver()
  const { testServer, key } = live
  await addRelay(live, sink, { from_email: 'app@example.com' })
  receiver.status(503)
  await testServer.reply('POST /v1/webhooks', {
    body: { url: receiver.url, events: ['captured', 'delivered'] },
  })
  sink.rules.recipient = () => '451 4.7.1 Come back'
  const deferred = await submitted(live, { to: ['deferred@example.com'] })
  const scheduledAt = new Date(live.clock.now() + hourMs).toISOString()
  const later = await testServer.reply('POST /v1/send', {
    key,
    body: { ...mail, scheduled_at: scheduledAt },
  })
  await testServer.reply('POST /api/v1/emails/batch', {
    key,
    body: {
      subject: 'To many',
      body: 'x',
      recipients: [{ email: 'one@example.com' }, { email: 'two@example.com' }],
    },
  })
  const tester = await testServer.makeKey({ name: 'Tester' })
  await testServer.reply('POST /v1/send', { key: tester.key, body: mail })
  await testServer.server.idle()
  const backup = await backupOf(live)

  sink.rules.recipient = () => null
  receiver.status(200)
  await pass(live, 60_000)
  await pass(live, 2 * hourMs)
  await sink.received(4)
  await testServer.server.idle()
  return { live, sink, receiver, backup, deferred, later: later.id }
}

it('A restored queue sends nothing again until it is released, over restarts too', async () => {
  const { live, sink, receiver, backup, deferred, later } = await openSent()
  const { testServer, clock, key } = live
  await submitted(live, { to: ['lost@example.com'] })
  await sink.received(5)
  const restore = await lay(live, backup)
  expect(restore.will_hold).toEqual({ messages: 4, jobs: 1, webhook_deliveries: 1 })
  // One message was sent since, and the scheduled one is now a message with the same id.
  expect(restore.will_lose).toBe(1)
  await submitted(live, { to: ['lost-too@example.com'] })
  await sink.received(6)
  await testServer.server.idle()
  const posts = receiver.hooks.length
  await testServer.restart()
  for (let time = 0; time < 2; time++) {
    for (let hour = 0; hour < 4; hour++) await pass(live, 3 * hourMs)
    expect(sink.messages).toHaveLength(6)
    expect(receiver.hooks).toHaveLength(posts)
    expect(await stateOf(live)).toMatchObject({
      held: { messages: 4, jobs: 1, webhook_deliveries: 1 },
      lost_messages: 2,
    })
    await testServer.restart()
  }
  const state = await stateOf(live)
  expect(readdirSync(testServer.folder)).toContain(state?.kept_file)
  const summary = await testServer.reply('GET /v1/outbox/summary')
  expect(summary.held_by_restore).toBe(4)
  expect((await emailOf(live, deferred)).status).toBe('queued')
  expect((await emailOf(live, later)).status).toBe('scheduled')

  // A retry by a key does not get past the hold, and new mail is not held.
  await testServer.request('POST /v1/emails/{id}/retry', { params: { id: deferred }, key })
  await testServer.request('POST /v1/outbox/retry', { body: { ids: [deferred, later] }, key })
  await pass(live, hourMs)
  expect(sink.messages).toHaveLength(6)
  await submitted(live, { to: ['new@example.com'] })
  await sink.received(7)

  expect((await testServer.request('POST /v1/outbox/restored/release', { key })).status).toBe(403)
  await testServer.reply('POST /v1/outbox/restored/release')
  await sink.received(11)
  await pass(live, 0)
  expect(sink.messages).toHaveLength(11)
  expect(
    sink.messages
      .slice(7)
      .flatMap(({ rcptTo }) => rcptTo)
      .sort(),
  ).toEqual(['deferred@example.com', 'later@example.com', 'one@example.com', 'two@example.com'])
  expect(await stateOf(live)).toBeNull()
  const again = await testServer.request('POST /v1/outbox/restored/release')
  expect(again.status).toBe(404)
  clock.advance(hourMs)
  const restoreEvents = await testServer.events(['restore.applied', 'restore.released'])
  expect(
    restoreEvents.map(({ type, data }) => [type, data.lost_messages ?? data.messages]),
  ).toEqual([
    ['restore.applied', 2],
    ['restore.released', 4],
  ])
})

it('A restored queue that is cancelled is never sent', async () => {
  const { live, sink, receiver, backup, deferred } = await openSent()
  const { testServer } = live
  await lay(live, backup)
  await testServer.restart()
  await pass(live, hourMs)
  const [sent, posts] = [sink.messages.length, receiver.hooks.length]
  const cancelled = await testServer.reply('DELETE /v1/outbox/restored')
  expect(cancelled.held.messages).toBe(4)
  for (let hour = 0; hour < 4; hour++) await pass(live, 3 * hourMs)
  await testServer.restart()
  await pass(live, hourMs)
  expect(sink.messages).toHaveLength(sent)
  expect(receiver.hooks).toHaveLength(posts)
  expect((await emailOf(live, deferred)).status).toBe('cancelled')
  expect(await stateOf(live)).toBeNull()
  expect((await testServer.request('DELETE /v1/outbox/restored')).status).toBe(404)
})

it('A restore that is interrupted continues at the next start, and holds the queue', async () => {
  const { live, sink, backup } = await openSent()
  const { testServer } = live
  await lay(live, backup)
  // The state of the folder when the process ends right after the write.
  await testServer.server.close()
  writeFileSync(
    join(testServer.folder, 'restored.json'),
    '{"kept_file":"x.db","lost_messages":3}\n',
  )
  await testServer.restart()
  await pass(live, hourMs)
  expect(sink.messages).toHaveLength(4)
  expect((await stateOf(live))?.held.messages).toBe(4)
  expect(readdirSync(testServer.folder)).not.toContain('restored.json')
})
