import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { databaseFile, openDatabase, openReadOnly } from '../../src-main/storage/database.ts'
import { initial } from '../../src-main/storage/migrations/001-initial.ts'
import { templates } from '../../src-main/storage/migrations/002-templates.ts'
import { jobs } from '../../src-main/storage/migrations/003-jobs.ts'
import { webhooks } from '../../src-main/storage/migrations/004-webhooks.ts'
import { tenants } from '../../src-main/storage/migrations/005-tenants.ts'
import { alertsAndTranscripts } from '../../src-main/storage/migrations/006-alerts-and-transcripts.ts'
import { tags } from '../../src-main/storage/migrations/007-tags.ts'
import { templateSamples } from '../../src-main/storage/migrations/008-template-samples.ts'
import { addRelay, openLiveFixture, openSink, pass, submitted } from '../delivery/live-fixture.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import type { LoggedEvent } from '../test-server.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

/** The totals per day in both tables, and the number of rows by day. */
function daysOf(folder: string) {
  const database = openReadOnly(folder)
  const read = (table: string, names: string) =>
    database
      .prepare(
        `SELECT minute - minute % 1440 AS day, ${names}, sum(requests) AS requests,
           sum(emails) AS emails, round(sum(ms_total), 3) AS ms, sum(ms_1) AS ms_1,
           sum(ms_100) AS ms_100, sum(ms_more) AS ms_more
         FROM ${table} GROUP BY 1, ${names} ORDER BY 1, ${names}`,
      )
      .all()
  const delivered = (table: string) =>
    database
      .prepare(
        `SELECT minute - minute % 1440 AS day, tenant, outcome, sum(recipients) AS recipients
         FROM ${table} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      )
      .all()
  try {
    return {
      fine: read('usage', 'key_id, tenant_id, route, outcome'),
      days: read('usage_days', 'key_id, tenant_id, route, outcome'),
      fineDeliveries: delivered('delivery_usage'),
      dayDeliveries: delivered('delivery_usage_days'),
      rows: database.prepare<[], number>('SELECT count(*) FROM usage_days').pluck().get() ?? 0,
    }
  } finally {
    database.close()
  }
}

it('A year of usage agrees with the event log, across restart, retention and the removal of a tenant', async () => {
  const seed = 20_260_116
  const random = createRandom(seed)
  const live = await openLiveFixture({ MAILSAGE_KEEP_LOG_DAYS: '0' })
  const { testServer, clock } = live
  const sink = await openSink()
  sink.rules.recipient = (address) => (address.startsWith('gone') ? '550 5.1.1 No such user' : null)
  await addRelay(live, sink)
  await testServer.makeTenant('tenant_a')
  const test = await testServer.makeKey({ permissions: ['send'] })
  const owned = await testServer.makeKey({ permissions: ['send'], tenant_id: 'tenant_a' })
  const { keys, requests } = testServer.server.domain
  const ids = [test.id, owned.id, live.keyId].map((id) => keys.idOf(id) ?? null)
  const routes = ['POST /v1/send', 'GET /v1/emails', 'GET /v1/session'] as const
  await testServer.server.idle()
  clock.advance(dayMs)
  const start = clock.now()
  const firstSeq = testServer.server.domain.events.lastSeq()

  for (let step = 0; step < 240; step++) {
    clock.advance(random.below(77 * hourMs))
    if (step % 40 === 20) {
      await submitted(live, { to: ['ann@example.com', 'gone@example.com'] })
      await pass(live, 0)
    }
    if (step % 10 === 0) await testServer.reply('POST /v1/send', { key: owned.key, body: mail })
    requests.record({
      caller: keys.callerOf(ids[random.below(3)] ?? null),
      route: random.pick(routes),
      status: 200,
      fault: random.chance(0.2) ? 'invalid_parameter' : null,
      durationMs: random.below(8000) / (1 + random.below(100)),
      address: '127.0.0.1',
      userAgent: null,
      requestId: `req_${step}`,
    })
    await testServer.server.idle()
    if (step === 120) await testServer.restart()
  }
  // The end of the last day, so that a year before is the start of a day.
  clock.advance(dayMs - (clock.now() % dayMs))
  await testServer.server.idle()
  expect(clock.now() - start, `seed ${seed}`).toBeGreaterThan(300 * dayMs)
  const log = await testServer.events(
    ['request', 'captured', 'queued', 'delivered', 'bounced'],
    firstSeq,
  )
  const span = {
    from: new Date(start).toISOString(),
    to: new Date(clock.now()).toISOString(),
  }
  const ask = (query: Readonly<Record<string, string>> = {}) =>
    testServer.reply('GET /v1/usage', { query: { ...span, ...query } })
  const before = await ask()

  expect(before.bucket).toBe('day')
  expect(before.series.length).toBe(
    Math.ceil((clock.now() - Math.floor(start / dayMs) * dayMs) / dayMs),
  )
  const count = (...types: LoggedEvent['type'][]) =>
    log.filter(({ type }) => types.includes(type)).length
  const overSmtp = log.filter(({ type, data }) => type === 'queued' && data.door === 'smtp').length
  expect(before.totals.requests).toBe(count('request') + overSmtp)
  expect(before.totals.emails).toBe(count('captured', 'queued'))
  expect(before.deliveries).toMatchObject({
    delivered: count('delivered'),
    bounced: count('bounced'),
  })
  for (const parts of [before.series, before.keys, before.tenants, before.routes]) {
    expect(parts.reduce((sum, { requests: own }) => sum + own, 0)).toBe(before.totals.requests)
  }
  for (const { route, requests: own } of before.routes) {
    const ofRoute = log.filter(({ type, data }) => type === 'request' && data.route === route)
    expect(own).toBe(route === 'SMTP' ? overSmtp : ofRoute.length)
  }
  for (const outcome of ['ok', 'invalid'] as const) {
    const ended = log.filter(({ data }) => data.outcome === outcome).length
    expect(before.totals.outcomes[outcome]).toBe(ended + (outcome === 'ok' ? overSmtp : 0))
  }

  const agreed = daysOf(testServer.folder)
  expect(agreed.days).toEqual(agreed.fine)
  expect(agreed.dayDeliveries).toEqual(agreed.fineDeliveries)
  expect(agreed.rows).toBe(agreed.days.length)

  // A span from the middle of a day reads that day from the table of minutes.
  const noon = new Date(Math.floor(start / dayMs) * dayMs + 200 * dayMs + 12 * hourMs)
  const later = await ask({ from: noon.toISOString() })
  const earlier = await ask({ to: noon.toISOString() })
  expect(later.totals.requests + earlier.totals.requests).toBe(before.totals.requests)
  expect(later.totals.emails + earlier.totals.emails).toBe(before.totals.emails)

  await testServer.reply('DELETE /v1/tenants/{id}', { params: { id: 'tenant_a' } })
  await testServer.restart({ MAILSAGE_KEEP_LOG_DAYS: '1', MAILSAGE_KEEP_DAYS: '1' })
  clock.advance(2 * dayMs)
  await testServer.server.idle()
  const left = await testServer.events(['request'], firstSeq)
  expect(left.length).toBeLessThan(count('request') / 2)
  expect(await ask()).toEqual({
    ...before,
    keys: expect.any(Array),
    tenants: expect.any(Array),
  })
  expect(daysOf(testServer.folder).days).toEqual(daysOf(testServer.folder).fine)
}, 120_000)

it('Usage from before the table of days is included in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  const old = new Sqlite(databaseFile(folder))
  const all = [
    initial,
    templates,
    jobs,
    webhooks,
    tenants,
    alertsAndTranscripts,
    tags,
    templateSamples,
  ]
  for (const sql of all) old.exec(sql)
  old.pragma('user_version = 8')
  const random = createRandom(9)
  const insert = old.prepare(`
    INSERT OR IGNORE INTO usage (minute, key_id, tenant_id, route, outcome, requests, emails, ms_total, ms_1, ms_100, ms_more)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const deliver = old.prepare('INSERT OR IGNORE INTO delivery_usage VALUES (?, ?, ?, ?)')
  old.exec('BEGIN')
  for (let row = 0; row < 500; row++) {
    const key = random.below(3)
    const minute = 29_000_000 + random.below(5000)
    const figures = [random.below(9), random.below(9), random.below(99) / 8, 1, 2, 3]
    const tenant = key === 1 ? 'tenant_a' : null
    insert.run(minute, key, tenant, 'SMTP', random.pick(['ok', 'error']), ...figures)
    deliver.run(minute, tenant ?? '', random.pick(['delivered', 'failed']), random.below(9))
  }
  old.exec('COMMIT')
  old.close()
  openDatabase(folder).close()
  const { fine, days, fineDeliveries, dayDeliveries } = daysOf(folder)
  expect(days.length).toBeGreaterThan(15)
  expect(days).toEqual(fine)
  expect(dayDeliveries).toEqual(fineDeliveries)
  rmSync(folder, { recursive: true, force: true })
})
