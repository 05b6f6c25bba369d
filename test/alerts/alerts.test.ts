import { describe, expect, it } from 'vitest'
import type { AlertRuleName } from '../../src-main/contract/alerts.ts'
import {
  addRelay,
  deafPort,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock, type TestClock } from '../test-clock.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

async function openWatched(env: Readonly<Record<string, string>> = {}) {
  const clock = createTestClock()
  const testServer = await startTestServer({ env, environment: { clock } })
  return { testServer, clock }
}

/** Advances the clock and waits for the evaluation. */
async function look(
  { testServer, clock }: { testServer: TestServer; clock: TestClock },
  ms = minuteMs,
) {
  await testServer.server.idle()
  clock.advance(ms)
  await testServer.server.idle()
  // Runs that fell due on the way had their own time; this one has the new time.
  clock.advance(minuteMs)
  await testServer.server.idle()
}

async function alertsOf(testServer: TestServer, rule?: AlertRuleName) {
  const { data } = await testServer.reply('GET /v1/alerts', { query: rule ? { rule } : {} })
  return data
}

describe('An alert', () => {
  it('An alert is raised once, explained, announced as an event, and cleared when it is over', async () => {
    const { testServer, clock } = await openWatched()
    const { key, id } = await testServer.makeKey({ name: 'clumsy', permissions: ['logs:read'] })
    for (let count = 0; count < 30; count++) {
      await testServer.request('GET /v1/emails', {
        key,
        query: count % 3 === 0 ? { page: 'x' } : {},
      })
    }
    await look({ testServer, clock })
    await look({ testServer, clock })
    const [alert, ...others] = await alertsOf(testServer)
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      id: expect.stringMatching(/^alert_/),
      rule: 'key_error_rate',
      severity: 'warning',
      state: 'open',
      subject: id,
      subject_name: 'clumsy',
      figures: { percent: 33.3, requests: 30, refused: 10, minutes: 15, limit_percent: 20 },
      message: expect.stringContaining('10 of 30 requests of the key “clumsy” were refused'),
      cleared_at: null,
      acknowledged_at: null,
    })
    expect((await testServer.reply('GET /v1/alerts')).open).toBe(1)

    for (let minute = 0; minute < 15; minute++) await look({ testServer, clock })
    const [cleared] = await alertsOf(testServer)
    expect(cleared).toMatchObject({ id: alert?.id, state: 'cleared' })
    expect(Date.parse(cleared?.cleared_at ?? '')).toBeGreaterThan(
      Date.parse(alert?.raised_at ?? ''),
    )
    const told = await testServer.events(['alert'])
    expect(told).toMatchObject([
      {
        keyId: id,
        data: {
          alert: alert?.id,
          state: 'open',
          rule: 'key_error_rate',
          severity: 'warning',
          subject: id,
          figures: { percent: 33.3 },
          message: alert?.message,
        },
      },
      { keyId: id, data: { alert: alert?.id, state: 'cleared' } },
    ])
  })

  it('An alert that gets worse is announced again, one that gets better is not', async () => {
    const { testServer, clock } = await openWatched()
    const { key } = await testServer.makeKey({
      permissions: ['send'],
      rate_limit: { emails_per_day: 10 },
    })
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
    for (let count = 0; count < 8; count++) await testServer.reply('POST /v1/send', { key, body })
    await look({ testServer, clock })
    for (let count = 0; count < 2; count++) await testServer.reply('POST /v1/send', { key, body })
    await look({ testServer, clock })
    await look({ testServer, clock })
    const told = await testServer.events(['alert'])
    expect(told.map(({ data }) => [data.rule, data.severity, data.state])).toEqual([
      ['key_near_limit', 'warning', 'open'],
      ['key_near_limit', 'critical', 'open'],
    ])
    expect(told[1]?.data.figures).toMatchObject({ kind: 'emails_per_day', used: 10, limit: 10 })
    expect(await alertsOf(testServer)).toHaveLength(1)
  })

  it('The keys of a tenant together raise an alert near the tenant’s quota', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.reply('POST /v1/tenants', {
      body: { id: 'tenant_a', name: 'Acme', rate_limit: { emails_per_day: 10 } },
    })
    const keys = await Promise.all(
      ['one', 'two'].map((name) =>
        testServer.makeKey({ name, tenant_id: 'tenant_a', permissions: ['send'] }),
      ),
    )
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
    for (let count = 0; count < 7; count++) {
      await testServer.reply('POST /v1/send', { key: keys[count % 2]?.key, body })
    }
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toEqual([])
    await testServer.reply('POST /v1/send', { key: keys[0]?.key, body })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([
      {
        rule: 'tenant_near_limit',
        severity: 'warning',
        subject: 'tenant_a',
        subject_name: 'Acme',
        tenant_id: 'tenant_a',
        figures: { kind: 'emails_per_day', used: 8, limit: 10, percent: 80 },
      },
    ])
  })

  it('An alert stays the same alert across a restart', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.makeKey({ expires_in_days: 5 })
    await look({ testServer, clock })
    await testServer.restart()
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ rule: 'key_expiring', state: 'open' }])
    expect(await testServer.events(['alert'])).toHaveLength(1)
  })

  it('The first acknowledgement of an alert is kept', async () => {
    const { testServer, clock } = await openWatched()
    const first = await testServer.makeKey({ name: 'first', permissions: ['usage:read'] })
    await testServer.makeKey({ expires_in_days: 5 })
    await look({ testServer, clock })
    const [alert] = await alertsOf(testServer)
    const params = { id: alert?.id ?? '' }
    const line = 'POST /v1/alerts/{id}/acknowledge'
    const seen = await testServer.reply(line, { params, key: first.key })
    expect(seen).toMatchObject({ state: 'open', acknowledged_by: first.id })
    expect(await testServer.reply(line, { params })).toEqual(seen)
    expect(await testServer.reply('GET /v1/alerts/{id}', { params })).toEqual(seen)
    expect(await testServer.events(['alert.acknowledged'])).toMatchObject([
      { data: { alert: alert?.id, by: first.id } },
    ])
    const listed = (acknowledged: string) =>
      testServer.reply('GET /v1/alerts', { query: { acknowledged } })
    expect((await listed('true')).data).toHaveLength(1)
    expect((await listed('false')).data).toHaveLength(0)
  })
})

describe('A key', () => {
  it('A key that is used after 30 idle days raises an alert for a day', async () => {
    const { testServer, clock } = await openWatched()
    const { key, id } = await testServer.makeKey({ permissions: [] })
    await testServer.reply('GET /v1/session', { key })
    await look({ testServer, clock }, 20 * dayMs)
    await testServer.reply('GET /v1/session', { key })
    await look({ testServer, clock })
    expect(await alertsOf(testServer, 'key_idle')).toEqual([])
    await look({ testServer, clock }, 31 * dayMs)
    await testServer.reply('GET /v1/session', { key })
    await look({ testServer, clock })
    expect(await alertsOf(testServer, 'key_idle')).toMatchObject([
      { subject: id, state: 'open', figures: { idle_days: 31, limit_days: 30 } },
    ])
    // It stays open during further use of the key, and across a restart.
    await testServer.reply('GET /v1/session', { key })
    await testServer.restart()
    await look({ testServer, clock }, 12 * hourMs)
    expect((await alertsOf(testServer, 'key_idle'))[0]?.state).toBe('open')
    await look({ testServer, clock }, 12 * hourMs)
    await look({ testServer, clock })
    expect(await alertsOf(testServer, 'key_idle')).toMatchObject([{ state: 'cleared' }])
  })

  it('A key raises one alert per new address, and none for its first address', async () => {
    const { testServer, clock } = await openWatched()
    const made = await testServer.makeKey({ permissions: [] })
    const { keys, requests } = testServer.server.domain
    const caller = keys.callerOf(keys.idOf(made.id))
    const usedFrom = async (address: string) => {
      const request = { route: 'GET /v1/session', status: 200, fault: null, durationMs: 1 }
      requests.record({ ...request, caller, address, userAgent: null, requestId: 'req_x' })
      await look({ testServer, clock })
    }
    for (const address of ['127.0.0.1', '::1', '127.0.0.2']) await usedFrom(address)
    expect(await alertsOf(testServer)).toEqual([])
    for (const address of ['203.0.113.7', '203.0.113.8', '203.0.113.7']) await usedFrom(address)
    const raised = await alertsOf(testServer, 'key_new_address')
    expect(raised.map(({ figures }) => figures.address).toSorted()).toEqual([
      '203.0.113.7',
      '203.0.113.8',
    ])
    await testServer.restart()
    await usedFrom('203.0.113.8')
    expect(await alertsOf(testServer, 'key_new_address')).toHaveLength(2)
  })

  it('A key with five times its usual requests per hour raises an alert', async () => {
    const { testServer, clock } = await openWatched()
    const { key, id } = await testServer.makeKey({ permissions: [] })
    for (let hour = 0; hour < 4; hour++) {
      for (let count = 0; count < 10; count++) await testServer.reply('GET /v1/session', { key })
      await look({ testServer, clock }, hourMs)
    }
    expect(await alertsOf(testServer, 'key_volume')).toEqual([])
    await look({ testServer, clock }, hourMs)
    for (let count = 0; count < 120; count++) await testServer.reply('GET /v1/session', { key })
    await look({ testServer, clock })
    expect(await alertsOf(testServer, 'key_volume')).toMatchObject([
      { subject: id, figures: { requests: 120, usual_requests: 10, factor: 12 } },
    ])
  })

  it('The alert of an expiring key is a warning, then critical, then cleared', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.makeKey({ name: 'short', expires_in_days: 8 })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toEqual([])
    await look({ testServer, clock }, 2 * dayMs)
    expect(await alertsOf(testServer)).toMatchObject([{ severity: 'warning', state: 'open' }])
    await look({ testServer, clock }, 5.5 * dayMs)
    expect(await alertsOf(testServer)).toMatchObject([{ severity: 'critical', state: 'open' }])
    await look({ testServer, clock }, dayMs)
    await look({ testServer, clock }, 10 * minuteMs)
    expect(await alertsOf(testServer)).toMatchObject([{ state: 'cleared' }])
  })
})

describe('Live mail', () => {
  it('An unreachable relay raises an alert that is cleared when the relay is reachable again', async () => {
    const live = await openLiveFixture()
    const relay = await addRelay(live, { port: await deafPort() })
    await submitted(live)
    await pass(live, 0)
    await look(live)
    expect(await alertsOf(live.testServer, 'relay_unreachable')).toMatchObject([
      { subject: relay.id, subject_name: 'sink', state: 'open' },
    ])
    const sink = await openSink()
    await live.testServer.reply('PATCH /v1/relays/{id}', {
      params: { id: relay.id },
      body: { port: sink.port },
    })
    await eventually(async () => {
      await look(live, 10 * minuteMs)
      const [alert] = await alertsOf(live.testServer, 'relay_unreachable')
      return alert?.state === 'cleared' ? true : undefined
    })
    expect(sink.messages).toHaveLength(1)
  })

  it('Many bounces raise an alert with their percentage', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    sink.rules.recipient = (address) =>
      address.startsWith('gone') ? '550 5.1.1 No such user' : null
    await addRelay(live, sink)
    const to = Array.from({ length: 30 }, (_, number) =>
      number < 3 ? `gone${number}@example.com` : `ann${number}@example.com`,
    )
    await submitted(live, { to })
    await pass(live, 0)
    await look(live)
    expect(await alertsOf(live.testServer, 'bounce_rate')).toMatchObject([
      { severity: 'warning', subject: 'installation', figures: { percent: 10, recipients: 30 } },
    ])
  })

  it('A long queue raises an alert', async () => {
    const live = await openLiveFixture()
    await live.testServer.reply('PATCH /v1/alerts/rules', {
      body: { queue_depth: { messages: 2, critical_messages: 4 } },
    })
    await addRelay(live, { port: await deafPort() })
    for (let count = 0; count < 3; count++) await submitted(live)
    await pass(live, 0)
    await look(live)
    expect(await alertsOf(live.testServer, 'queue_depth')).toMatchObject([
      { severity: 'warning', figures: { messages: 3, limit_messages: 2 } },
    ])
  })
})

describe('The alert rules', () => {
  it('Alert rules are listed with their summaries, changed, disabled and reset', async () => {
    const { testServer, clock } = await openWatched()
    const { data } = await testServer.reply('GET /v1/alerts/rules')
    expect(data).toHaveLength(11)
    expect(data.find(({ rule }) => rule === 'key_idle')).toEqual({
      rule: 'key_idle',
      summary: 'A key is used after a long idle time',
      settings: { enabled: true, days: 30, hours: 24 },
      is_default: true,
    })
    await testServer.makeKey({ expires_in_days: 20 })
    const change = (body: unknown) => testServer.reply('PATCH /v1/alerts/rules', { body })
    const tuned = await change({ key_expiring: { days: 25 } })
    expect(tuned.data.find(({ rule }) => rule === 'key_expiring')).toMatchObject({
      settings: { enabled: true, days: 25, critical_days: 1 },
      is_default: false,
    })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ state: 'open' }])
    await testServer.restart()
    await change({ key_expiring: { enabled: false } })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ state: 'cleared' }])
    const back = await change({ key_expiring: null })
    expect(back.data).toEqual(data)
    expect(await testServer.events(['alert.rules_updated'])).toMatchObject([
      { data: { changed: ['key_expiring'], by: 'key_console' } },
      { data: { changed: ['key_expiring'] } },
      { data: { changed: ['key_expiring'] } },
    ])
  })

  it.each([
    [{ key_idle: { days: 0 } }, /“key_idle.days” must be 1 or more/],
    [{ key_idle: { days: 'x' } }, /“key_idle.days” must be a number/],
    [{ bounce_rate: { percent: 101 } }, /“bounce_rate.percent” must be 100 or less/],
    [{ queue_depth: 5 }, /“queue_depth” must be an object/],
  ])('A change of the rules to %j is refused', async (body, sentence) => {
    const { testServer } = await openWatched()
    const answer = await testServer.request('PATCH /v1/alerts/rules', { body })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('A tenant’s key cannot change the alert rules', async () => {
    const { testServer } = await openWatched()
    await testServer.makeTenant('tenant_a')
    const { key } = await testServer.makeKey({
      permissions: ['*'],
      mode: 'live',
      tenant_id: 'tenant_a',
    })
    const answer = await testServer.request('PATCH /v1/alerts/rules', { key, body: {} })
    expectRefusal(answer, 'insufficient_permissions')
  })
})

describe('GET /v1/alerts', () => {
  it('The list of alerts has filters and pages, and shows a tenant only its own alerts', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.makeTenant('tenant_a')
    await testServer.makeKey({ name: 'ours', expires_in_days: 5, tenant_id: 'tenant_a' })
    await testServer.makeKey({ name: 'urgent', expires_in_days: 1 })
    await testServer.makeKey({ name: 'theirs', expires_in_days: 5 })
    const reader = await testServer.makeKey({ permissions: ['usage:read'], tenant_id: 'tenant_a' })
    await look({ testServer, clock })
    const names = async (query = {}, key?: string) =>
      (await testServer.reply('GET /v1/alerts', { query, key })).data.map(
        (alert) => alert.subject_name,
      )
    expect(await names()).toHaveLength(3)
    expect(await names({ severity: 'critical' })).toEqual(['urgent'])
    expect(await names({ state: 'cleared' })).toEqual([])
    expect(await names({ rule: 'queue_depth' })).toEqual([])
    expect(await names({}, reader.key)).toEqual(['ours'])
    const first = await testServer.reply('GET /v1/alerts', { query: { limit: 2 } })
    expect([first.data.length, first.has_more, first.open]).toEqual([2, true, 3])
    const rest = await testServer.reply('GET /v1/alerts', {
      query: { limit: 2, before: first.data.at(-1)?.id },
    })
    expect([rest.data.length, rest.has_more]).toEqual([1, false])
    const [foreign] = (
      await testServer.reply('GET /v1/alerts', { query: { severity: 'critical' } })
    ).data
    for (const line of ['GET /v1/alerts/{id}', 'POST /v1/alerts/{id}/acknowledge'] as const) {
      const call = { params: { id: foreign?.id ?? '' }, key: reader.key }
      expectRefusal(await testServer.request(line, call), 'not_found')
      expectRefusal(await testServer.request(line, { params: { id: 'alert_x' } }), 'not_found')
    }
  })

  it.each(['state=old', 'rule=none', 'severity=mild', 'limit=0', 'acknowledged=maybe'])(
    'The query %s is refused',
    async (query) => {
      const { testServer } = await openWatched()
      expectRefusal(await testServer.ask('GET', `/v1/alerts?${query}`), 'invalid_parameter')
    },
  )
})
