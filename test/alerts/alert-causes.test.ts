import { describe, expect, it } from 'vitest'
import {
  addRelay,
  deafPort,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from '../delivery/live-fixture.ts'
import { eventually } from '../test-server.ts'
import { alertsOf, dayMs, hourMs, look, minuteMs, openWatched } from './alert-fixture.ts'

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
