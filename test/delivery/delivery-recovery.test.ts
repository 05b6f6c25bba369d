import { expect, test } from 'vitest'
import { openForCheckpoints } from '../../src-main/storage/database.ts'
import { until } from '../wait-for.ts'
import { addRelay, emailOf, openLiveFixture, openSink, pass, submitted } from './live-fixture.ts'

function change(folder: string, sql: string): void {
  const database = openForCheckpoints(folder)
  try {
    database.exec(sql)
  } finally {
    database.close()
  }
}

test('A relay’s reply is stored as soon as possible, and the message is sent only once', async () => {
  const live = await openLiveFixture()
  const refused = live.testServer.expectLog(/disk full/)
  const sink = await openSink()
  await addRelay(live, sink)
  // The disk becomes full just before the reply.
  change(
    live.testServer.folder,
    `CREATE TRIGGER full_disk BEFORE UPDATE ON deliveries WHEN new.status = 'delivered' BEGIN
       SELECT raise(ABORT, 'disk full');
     END`,
  )
  const id = await submitted(live)
  await refused
  expect(sink.messages).toHaveLength(1)
  expect((await emailOf(live, id)).status).toBe('sending')
  change(live.testServer.folder, 'DROP TRIGGER full_disk')
  await until('written down', async () => (await emailOf(live, id)).status === 'delivered')
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(1)
  expect((await emailOf(live, id)).deliveries).toMatchObject([{ attempts: 1 }])
})

test('A message whose attempt could not start stays due and is sent later', async () => {
  const live = await openLiveFixture()
  const refused = live.testServer.expectLog(/disk full/)
  const sink = await openSink()
  await addRelay(live, sink)
  change(
    live.testServer.folder,
    `CREATE TRIGGER full_disk BEFORE UPDATE ON deliveries WHEN new.status = 'sending' BEGIN
       SELECT raise(ABORT, 'disk full');
     END`,
  )
  const id = await submitted(live)
  await refused
  expect((await emailOf(live, id)).status).toBe('queued')
  change(live.testServer.folder, 'DROP TRIGGER full_disk')
  await until('sent', async () => (await emailOf(live, id)).status === 'delivered')
  expect(sink.messages).toHaveLength(1)
})

test('Mail held at a daily limit is sent when the limit is raised', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  const { id: relay } = await addRelay(live, sink, { daily_limit: 1 })
  await submitted(live)
  const held = await submitted(live)
  await live.testServer.server.idle()
  expect((await emailOf(live, held)).deliveries).toMatchObject([{ status: 'deferred' }])

  const change = (body: object) =>
    live.testServer.reply('PATCH /v1/relays/{id}', { params: { id: relay }, body })
  const { events } = await live.testServer.witness(() => change({ name: 'another name' }))
  expect(events.map(({ type }) => type)).not.toContain('deferred')
  expect(sink.messages).toHaveLength(1)

  await change({ daily_limit: 2 })
  await sink.received(2)
  await live.testServer.server.idle()
  expect((await emailOf(live, held)).status).toBe('delivered')
})

test('Mail deferred by its receiver is not sent early when a relay changes', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  const { id: relay } = await addRelay(live, sink)
  sink.rules.message = () => '451 4.3.0 Try later'
  await submitted(live)
  await live.testServer.server.idle()
  delete sink.rules.message
  await live.testServer.reply('PATCH /v1/relays/{id}', {
    params: { id: relay },
    body: { daily_limit: 5 },
  })
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(0)
  await pass(live, 60_000)
  expect(sink.messages).toHaveLength(1)
})

test('Mail held by an older version is sent when the limit is raised', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  const { id: relay } = await addRelay(live, sink, { daily_limit: 1 })
  await submitted(live)
  const held = await submitted(live)
  await live.testServer.server.idle()
  await live.testServer.server.close()
  change(
    live.testServer.folder,
    `DROP TRIGGER restored_deliveries_wait;
     DROP INDEX deliveries_restored;
     DROP TABLE restored_queue;
     DROP TABLE restored_scheduled;
     DROP TABLE restored_jobs;
     DROP INDEX deliveries_held;
     DROP INDEX deliveries_queue;
     DROP INDEX deliveries_awaiting;
     ALTER TABLE deliveries DROP COLUMN held;
     ALTER TABLE deliveries DROP COLUMN tenant;
     ALTER TABLE deliveries DROP COLUMN relay_choice;
     ALTER TABLE deliveries DROP COLUMN awaits_relay;
     ALTER TABLE deliveries DROP COLUMN give_up_at;
     DROP TABLE clock_steps;
     DROP TABLE proven_time;
     ALTER TABLE jobs DROP COLUMN mode;
     ALTER TABLE webhooks DROP COLUMN mode;
     ALTER TABLE templates DROP COLUMN mode;
     ALTER TABLE template_versions DROP COLUMN engine;
     PRAGMA user_version = 9;`,
  )
  await live.testServer.restart()
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(1)
  await live.testServer.reply('PATCH /v1/relays/{id}', {
    params: { id: relay },
    body: { daily_limit: 2 },
  })
  await sink.received(2)
  await live.testServer.server.idle()
  expect((await emailOf(live, held)).status).toBe('delivered')
})

test('Mail that was held once and then deferred by its receiver keeps its time', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  const { id: relay } = await addRelay(live, sink, { daily_limit: 1 })
  const raise = (limit: number) =>
    live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id: relay },
      body: { daily_limit: limit },
    })
  await submitted(live)
  const held = await submitted(live)
  await live.testServer.server.idle()
  sink.rules.message = () => '451 4.3.0 Try later'
  await raise(2)
  await until('asked', async () => (await emailOf(live, held)).deliveries[0]?.attempts === 1)
  await live.testServer.server.idle()
  delete sink.rules.message
  await raise(3)
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(1)
  await pass(live, 60_000)
  expect(sink.messages).toHaveLength(2)
})
