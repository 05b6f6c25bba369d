import { describe, expect, it, test } from 'vitest'
import type { SinkRules } from '../smtp-sink.ts'
import { until } from '../wait-for.ts'
import { keyOf, openFaultySink, read, sendMany } from './faulty-server.ts'
import { addRelay, deafPort, openLiveFixture, openSink, pass } from './live-fixture.ts'

const secondMs = 1000
const minuteMs = 60_000

test('All mail of one tenant is sent while the relay of another hangs, and the hanging relay gets one message', async () => {
  const live = await openLiveFixture()
  const [silent, healthy] = [await openFaultySink(), await openSink()]
  silent.state.fault = { type: 'hang', at: 'greeting' }
  const [a, b] = [await keyOf(live, 'tenant_acme'), await keyOf(live, 'tenant_bolt')]
  const ask = (key: string, port: number) =>
    live.testServer.reply('POST /v1/relays', {
      key,
      body: { name: 'own', host: '127.0.0.1', port, tls: 'none' },
    })
  await ask(a, silent.port)
  await ask(b, healthy.port)
  await sendMany(live, a, 60)
  await sendMany(live, b, 60)
  await healthy.received(60)
  expect(silent.seen.connections).toBe(1)
})

test('A healthy relay sends mail while five others hang with their maximum of messages', async () => {
  const live = await openLiveFixture()
  const tenants = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `tenant_${letter}`)
  const sinks = await Promise.all(tenants.map(() => openFaultySink()))
  const keys = await Promise.all(tenants.map((tenant) => keyOf(live, tenant)))
  for (const [index, sink] of sinks.entries()) {
    const body = { name: 'own', host: '127.0.0.1', port: sink.port, tls: 'none' }
    await live.testServer.reply('POST /v1/relays', { key: keys[index], body })
  }
  const hanging = sinks.slice(0, 5)
  const send = (count: number) =>
    Promise.all(hanging.map((_, index) => sendMany(live, keys[index] ?? '', count)))
  await send(12)
  await live.testServer.server.idle()
  for (const sink of hanging) sink.state.fault = { type: 'hang', at: 'dot' }
  await send(12)
  await until('all hang', () => hanging.every(({ seen }) => seen.hanging === 10))
  await sendMany(live, keys[5] ?? '', 12)
  await until('sent', () => sinks[5]?.subjects.length === 12)
})

test('A healthy second relay sends all mail, and the hanging first one gets one message', async () => {
  const live = await openLiveFixture()
  const [silent, healthy] = [await openFaultySink(), await openSink()]
  silent.state.fault = { type: 'hang', at: 'greeting' }
  await addRelay(live, silent, { name: 'silent', priority: 1 })
  await addRelay(live, healthy, { name: 'healthy', priority: 2 })
  const key = await keyOf(live)
  await sendMany(live, key, 60)
  await until('the silent relay is asked', () => silent.seen.connections > 0)
  live.clock.advance(15 * secondMs)
  // All but the message that probes the silent relay, and soon that one as well.
  await healthy.received(59)
  live.clock.advance(30 * secondMs)
  await healthy.received(60)
  expect(silent.seen.mostOpen).toBe(1)
  await live.testServer.server.idle()
  const before = silent.seen.connections
  await sendMany(live, key, 30)
  await live.testServer.server.idle()
  expect(healthy.messages).toHaveLength(90)
  expect(silent.seen.connections - before).toBeLessThanOrEqual(1)
})

test.each(['mail', 'rcpt', 'data', 'dot'] as const)(
  'Mail leaves through a healthy second relay when the first one hangs at %s',
  async (at) => {
    const live = await openLiveFixture()
    const [silent, healthy] = [await openFaultySink(), await openSink()]
    silent.state.fault = { type: 'hang', at }
    await addRelay(live, silent, { name: 'silent', priority: 1 })
    await addRelay(live, healthy, { name: 'healthy', priority: 2 })
    await sendMany(live, live.key, 20)
    await until('the first relay hangs', () => silent.seen.hanging > 0)
    const hanging = silent.seen.hanging
    live.clock.advance(61 * secondMs)
    await healthy.received(20 - hanging)
    const { data } = await live.testServer.reply('GET /v1/relays')
    expect(data.find(({ name }) => name === 'silent')?.connection).toMatchObject({ state: 'hangs' })
  },
)

test('A message that waits for an unavailable relay uses up no attempt', async () => {
  const live = await openLiveFixture()
  const port = await deafPort()
  await addRelay(live, { port })
  const ids = await sendMany(live, live.key, 30)
  await live.testServer.server.idle()
  const attempts = async () => {
    const emails = await Promise.all(ids.map((id) => read(live, id)))
    return emails.map(({ deliveries }) => deliveries[0]?.attempts ?? -1)
  }
  expect((await attempts()).filter((count) => count > 0)).toHaveLength(1)
  await pass(live, 30 * secondMs)
  expect((await attempts()).reduce((sum, count) => sum + count, 0)).toBeLessThan(5)
})

test('A message that was never tried fails after 8 hours 46 minutes', async () => {
  const live = await openLiveFixture()
  await addRelay(live, { port: await deafPort() })
  const ids = await sendMany(live, live.key, 30)
  await live.testServer.server.idle()
  for (let hour = 0; hour < 8; hour++) await pass(live, 60 * minuteMs)
  const statuses = async () => {
    const emails = await Promise.all(ids.map((id) => read(live, id)))
    return new Set(emails.map(({ status }) => status))
  }
  expect(await statuses()).toEqual(new Set(['queued']))
  for (let minutes = 0; minutes < 48; minutes += 1) await pass(live, minuteMs)
  expect(await statuses()).toEqual(new Set(['failed']))
  const { deliveries } = await read(live, ids.at(-1) ?? '')
  expect(deliveries[0]?.last_reply).toMatch(/ECONNREFUSED|cannot be reached/)
})

test('Waiting mail does not fail when the computer wakes from a night of sleep', async () => {
  const live = await openLiveFixture()
  const port = await deafPort()
  await addRelay(live, { port })
  const ids = await sendMany(live, live.key, 10)
  await live.testServer.server.idle()
  live.clock.suspend(12 * 60 * minuteMs)
  live.clock.resume()
  // There is no network yet.
  for (let minutes = 0; minutes < 3; minutes += 1) await pass(live, minuteMs)
  const waiting = await Promise.all(ids.map((id) => read(live, id)))
  expect(new Set(waiting.map(({ status }) => status))).toEqual(new Set(['queued']))
  const sink = await openSink({ port })
  live.clock.suspend(minuteMs)
  live.clock.resume()
  // A relay that failed before is tried at once.
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(10)
})

test('All mail that waits for a relay is sent at once when the relay answers again', async () => {
  const live = await openLiveFixture()
  const port = await deafPort()
  await addRelay(live, { port })
  const ids = await sendMany(live, live.key, 5)
  await live.testServer.server.idle()
  // Each has been tried several times, and the next attempt of some is two hours away.
  for (let minute = 0; minute < 60; minute++) await pass(live, minuteMs)
  const sink = await openSink({ port })
  await pass(live, 5 * minuteMs)
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(5)
  for (const id of ids) expect((await read(live, id)).status).toBe('delivered')
})

test('A restart with much mail for a hanging relay opens one connection to it', async () => {
  const live = await openLiveFixture()
  const sink = await openFaultySink()
  sink.state.fault = { type: 'greets', line: '421 4.3.2 Closed' }
  await addRelay(live, sink)
  await sendMany(live, live.key, 100)
  await live.testServer.server.idle()
  sink.state.fault = { type: 'hang', at: 'greeting' }
  const before = sink.seen.connections
  await live.testServer.restart()
  await until('asked', () => sink.seen.connections > before)
  await sendMany(live, live.key, 20)
  expect(sink.seen.connections - before).toBe(1)
})

test('A backlog of one tenant does not delay a message of another on the same relay', async () => {
  const live = await openLiveFixture()
  const sink = await openFaultySink()
  await addRelay(live, sink)
  const [a, b] = [await keyOf(live, 'tenant_acme'), await keyOf(live, 'tenant_bolt')]
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  sink.state.beforeAnswer = () => answered
  await sendMany(live, a, 100, 'backlog')
  await until('asked', () => sink.seen.offered > 0)
  await sendMany(live, b, 1, 'single')
  answer()
  await until('all taken', () => sink.subjects.length === 101)
  expect(sink.subjects.indexOf('single0')).toBeLessThan(20)
})

describe('A relay that all tenants share', () => {
  const refusals: readonly (readonly [string, SinkRules])[] = [
    ['RCPT', { recipient: (to) => (to.startsWith('grey') ? '451 4.7.1 Greylisted' : null) }],
    ['MAIL', { sender: (from) => (from.startsWith('loud') ? '450 4.7.1 Slow down' : null) }],
  ]

  it.each(refusals)(
    'The mail of other tenants is sent at once while one tenant’s mail is refused with 4xx to %s',
    async (_command, rules) => {
      const live = await openLiveFixture()
      const sink = await openSink()
      Object.assign(sink.rules, rules)
      await addRelay(live, sink)
      const [a, b] = [await keyOf(live, 'tenant_acme'), await keyOf(live, 'tenant_bolt')]
      const send = (key: string, from: string, to: string) =>
        live.testServer.reply('POST /v1/send', {
          key,
          body: { from, to, subject: 's', text: '.' },
        })
      await Promise.all(
        Array.from({ length: 60 }, (__, n) => send(a, 'loud@a.example', `grey${n}@example.com`)),
      )
      await live.testServer.server.idle()
      const [relay] = (await live.testServer.reply('GET /v1/relays')).data
      expect(relay?.connection).toMatchObject({ state: 'answers', waiting: 0 })
      for (const minutes of [0, 1, 5]) {
        await pass(live, minutes * minuteMs)
        const before = sink.messages.length
        await send(b, 'app@b.example', 'ann@example.com')
        await live.testServer.server.idle()
        expect(sink.messages).toHaveLength(before + 1)
      }
    },
  )
})
