import { describe, expect, test } from 'vitest'
import { deafPort, openSink, pass } from '../delivery/live-fixture.ts'
import { addNamed, openRelayFixture, relayNamed, sendLive } from './relay-fixture.ts'

describe('The order of relays', () => {
  test('The default relay is tried first, and the others by priority', async () => {
    const live = await openRelayFixture()
    const [low, high, chosen] = [await openSink(), await openSink(), await openSink()]
    await addNamed(live, 'low', low, { priority: 1 })
    await addNamed(live, 'high', high, { priority: 2 })
    await addNamed(live, 'chosen', chosen, { priority: 500, is_default: true })
    await sendLive(live)
    await live.testServer.server.idle()
    expect([low, high, chosen].map(({ messages }) => messages.length)).toEqual([0, 0, 1])
    const { data } = await live.testServer.reply('GET /v1/relays')
    expect(data.map(({ name }) => name)).toEqual(['chosen', 'low', 'high'])
    await chosen.close()
    await sendLive(live)
    await live.testServer.server.idle()
    expect([low, high].map(({ messages }) => messages.length)).toEqual([1, 0])
  })

  test('Only one relay is the default', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    const first = await addNamed(live, 'first', sink, { is_default: true })
    const second = await addNamed(live, 'second', sink, { is_default: true })
    expect((await relayNamed(live, 'first')).is_default).toBe(false)
    const body = { is_default: true }
    await live.testServer.reply('PATCH /v1/relays/{id}', { params: { id: first.id }, body })
    expect((await relayNamed(live, 'first')).is_default).toBe(true)
    expect((await relayNamed(live, second.name)).is_default).toBe(false)
  })
})

describe('The health of a relay', () => {
  test('The health is “warning” after one failure, “critical” after three, and “healthy” after a success', async () => {
    const live = await openRelayFixture()
    const port = await deafPort()
    const { id } = await addNamed(live, 'only', { port })
    const params = { id }
    expect((await relayNamed(live, 'only')).health).toBe('unknown')
    const seen: [string, number][] = []
    const { events } = await live.testServer.witness(async () => {
      for (let count = 0; count < 4; count++) {
        await live.testServer.request('POST /v1/relays/{id}/test', { params, body: {} })
        const { health, failures } = await relayNamed(live, 'only')
        seen.push([health, failures])
      }
    })
    expect(seen).toEqual([
      ['warning', 1],
      ['warning', 2],
      ['warning', 3],
      ['critical', 4],
    ])
    const healthEvents = events.filter(({ type }) => type === 'relay.health')
    expect(healthEvents.map(({ data }) => [data.relay, data.health])).toEqual([
      [id, 'warning'],
      [id, 'critical'],
    ])
    const sick = await relayNamed(live, 'only')
    expect(sick.last_error).toContain('ECONNREFUSED')

    await openSink({ port })
    const well = await live.testServer.witness(() =>
      live.testServer.reply('POST /v1/relays/{id}/test', { params, body: {} }),
    )
    expect(well.events).toMatchObject([{ type: 'relay.health', data: { health: 'healthy' } }])
    expect(await relayNamed(live, 'only')).toMatchObject({
      health: 'healthy',
      failures: 0,
      last_error: null,
    })
  })

  test('The health counts the attempts of mail, and is kept over a restart', async () => {
    const live = await openRelayFixture()
    await addNamed(live, 'only', { port: await deafPort() })
    await sendLive(live)
    await pass(live, 60_000)
    expect(await relayNamed(live, 'only')).toMatchObject({ health: 'warning', failures: 2 })
    await live.testServer.restart()
    // Mail waits for the relay, so it is probed without mail.
    await live.testServer.server.idle()
    expect(await relayNamed(live, 'only')).toMatchObject({ health: 'warning', failures: 3 })
    expect(await live.testServer.reply('GET /health')).toMatchObject({ smtp: 'unreachable' })
  })

  test('A new connection setting resets the health, and a new name does not', async () => {
    const live = await openRelayFixture()
    const { id } = await addNamed(live, 'only', { port: await deafPort() })
    const params = { id }
    await live.testServer.request('POST /v1/relays/{id}/test', { params, body: {} })
    await live.testServer.reply('PATCH /v1/relays/{id}', { params, body: { priority: 7 } })
    expect((await relayNamed(live, 'only')).health).toBe('warning')
    await live.testServer.reply('PATCH /v1/relays/{id}', { params, body: { port: 2525 } })
    expect(await relayNamed(live, 'only')).toMatchObject({ health: 'unknown', last_error: null })
  })

  test('A message that the relay refuses does not change its health', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    const { id } = await addNamed(live, 'only', sink)
    sink.rules.message = () => '554 5.7.1 Looks like spam'
    await sendLive(live)
    const body = { recipient: 'ann@example.com' }
    const answer = await live.testServer.request('POST /v1/relays/{id}/test', {
      params: { id },
      body,
    })
    expect(answer.body).toMatchObject({ error: { code: 'smtp_error' } })
    await live.testServer.server.idle()
    expect((await relayNamed(live, 'only')).health).toBe('healthy')
  })
})
