import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { keyOf, openFaultySink, read, sendMany } from '../delivery/faulty-server.ts'
import {
  addRelay,
  deafPort,
  type LiveFixture,
  openLiveFixture,
  openSink,
  pass,
} from '../delivery/live-fixture.ts'
import type { Fault, FaultStep } from '../faulty-sink.ts'
import { until } from '../wait-for.ts'

const secondMs = 1000
const minuteMs = 60_000

async function connectionOf({ testServer }: LiveFixture) {
  const { data } = await testServer.reply('GET /v1/relays')
  const [relay] = data
  if (!relay) throw new Error('There is no relay')
  return { ...relay.connection, health: relay.health }
}

const hangs: readonly [at: FaultStep, step: string, stalledMs: number, maxMs: number][] = [
  ['greeting', 'greeting', 10_000, 30_000],
  ['ehlo', 'greeting', 10_000, 30_000],
  ['mail', 'envelope', 20_000, 300_000],
  ['rcpt', 'envelope', 20_000, 300_000],
  ['data', 'envelope', 20_000, 300_000],
  ['dot', 'acceptance', 60_000, 600_000],
]

describe('A relay that hangs', () => {
  test.each(hangs)(
    'A relay that hangs after %s is shown before its time-out, and gets all mail once it answers again',
    async (at, step, stalledMs, maxMs) => {
      const live = await openLiveFixture()
      const sink = await openFaultySink()
      sink.state.fault = { type: 'hang', at }
      await addRelay(live, sink)
      const ids = await sendMany(live, live.key, 12)
      await until('it hangs', () => sink.seen.hanging > 0)
      expect(await connectionOf(live)).toMatchObject({ state: 'untried' })
      live.clock.advance(stalledMs)
      expect(await connectionOf(live)).toMatchObject({ state: 'hangs', step, next_try_at: null })
      const since = Date.parse((await connectionOf(live)).since ?? '')
      expect(live.clock.now() - since).toBe(stalledMs)
      expect(sink.seen.connections).toBe(1)

      live.clock.advance(maxMs - stalledMs)
      await live.testServer.server.idle()
      const failing = await connectionOf(live)
      expect(failing).toMatchObject({ state: 'hangs', step, health: 'warning', waiting: 12 })
      expect(Date.parse(failing.next_try_at ?? '') - live.clock.now()).toBe(5 * secondMs)
      const tried = await Promise.all(ids.map((id) => read(live, id)))
      const replies = tried.flatMap(({ deliveries }) =>
        deliveries.map(({ last_reply }) => last_reply),
      )
      expect(replies.filter((reply) => reply !== null)).toEqual([
        expect.stringMatching(/connects, but did not answer .* within \d+ s/),
      ])

      sink.state.fault = null
      await pass(live, 5 * secondMs)
      expect(sink.subjects).toHaveLength(12)
      expect(new Set(sink.subjects).size).toBe(12)
      expect(await connectionOf(live)).toMatchObject({
        state: 'answers',
        health: 'healthy',
        waiting: 0,
      })
    },
  )

  test.each(['starttls', 'implicit'] as const)(
    'A relay that hangs in the TLS handshake (%s) is shown as one that connects and does not answer',
    async (tls) => {
      const live = await openLiveFixture()
      const sink = await openFaultySink({ hasStartTls: tls === 'starttls' })
      if (tls === 'implicit') sink.state.fault = { type: 'hang', at: 'handshake' }
      await addRelay(live, sink, { tls })
      await sendMany(live, live.key, 3)
      await until('it hangs', () => sink.seen.hanging > 0)
      live.clock.advance(10 * secondMs)
      expect(await connectionOf(live)).toMatchObject({ state: 'hangs', step: 'tls' })
      live.clock.advance(20 * secondMs)
      await live.testServer.server.idle()
      expect(await connectionOf(live)).toMatchObject({ state: 'hangs', step: 'tls' })
    },
  )
})

describe('A relay that cannot be used', () => {
  const faults: readonly [string, Fault, string][] = [
    ['greets with 421', { type: 'greets', line: '421 4.3.2 Closed' }, 'refuses'],
    ['greets with 554', { type: 'greets', line: '554 5.3.2 Not for you' }, 'refuses'],
    ['resets before the greeting', { type: 'reset', at: 'greeting' }, '(refuses|unreachable)'],
    ['resets after EHLO', { type: 'reset', at: 'ehlo' }, 'refuses'],
    ['resets after MAIL', { type: 'reset', at: 'mail' }, 'refuses'],
    ['resets after the dot', { type: 'reset', at: 'dot' }, 'refuses'],
    [
      'answers every message with 421',
      { type: 'answers', line: '421 4.3.0 Going down' },
      'refuses',
    ],
  ]

  test.each(faults)(
    'A relay that %s is tried with one message at a time',
    async (_, fault, state) => {
      const live = await openLiveFixture()
      const sink = await openFaultySink()
      sink.state.fault = fault
      await addRelay(live, sink)
      await sendMany(live, live.key, 20)
      await live.testServer.server.idle()
      expect(sink.seen.connections).toBe(1)
      expect(await connectionOf(live)).toMatchObject({
        state: expect.stringMatching(`^${state}$`),
        waiting: 20,
      })
      // 5, 10, 20, 40, 80 and 160 s later, and then every five minutes.
      for (let asked = 0; asked < 315; asked += 5) await pass(live, 5 * secondMs)
      expect(sink.seen.connections).toBe(7)
      expect(sink.seen.mostOpen).toBe(1)
      sink.state.fault = null
      await pass(live, 5 * minuteMs)
      expect(sink.subjects).toHaveLength(20)
    },
  )

  test('A relay of an unknown name, without a listener or behind a silent network gets one message at a time', async () => {
    const live = await openLiveFixture()
    const key = await keyOf(live, 'tenant_dns')
    const ask = (body: object) =>
      live.testServer.reply('POST /v1/relays', { key, body: { name: 'r', tls: 'none', ...body } })
    await ask({ host: 'relay.invalid', port: 25 })
    await ask({ host: '127.0.0.1', port: await deafPort() })
    await ask({ host: '127.0.0.1', port: await blackHole() })
    await sendMany(live, key, 5)
    const states = async () => {
      const { data } = await live.testServer.reply('GET /v1/relays', { key })
      return data.map(({ connection }) => `${connection.state} ${connection.step}`)
    }
    await until('the third is asked', async () => (await states())[1] === 'unreachable connect')
    await until('the third has its time', async () => {
      live.clock.advance(secondMs)
      return (await states()).every((state) => state === 'unreachable connect')
    })
  })
})

test('A message refused with 451 is retried alone, and the relay counts as available', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  await addRelay(live, sink)
  const greylisted = new Set(['n0', 'n3', 'n5'])
  sink.rules.recipient = (address) =>
    greylisted.has(address.split('@')[0] ?? '') ? '451 4.7.1 Greylisted' : null
  const ids = await Promise.all(
    Array.from({ length: 8 }, (_, number) =>
      live.testServer.reply('POST /v1/send', {
        key: live.key,
        body: { from: 'app@example.com', to: `n${number}@example.com`, subject: 's', text: '.' },
      }),
    ),
  )
  await live.testServer.server.idle()
  expect(sink.messages).toHaveLength(5)
  expect(await connectionOf(live)).toMatchObject({
    state: 'answers',
    health: 'healthy',
    waiting: 0,
  })
  // A new message does not send the others before their time.
  await sendMany(live, live.key, 1)
  await pass(live, 59 * secondMs)
  expect(sink.messages).toHaveLength(6)
  delete sink.rules.recipient
  await pass(live, secondMs)
  expect(sink.messages).toHaveLength(9)
  expect(ids).toHaveLength(8)
})

test('A relay that refuses every message with 4xx is asked with one message at a time', async () => {
  const live = await openLiveFixture()
  const sink = await openFaultySink()
  sink.state.fault = { type: 'answers', line: '452 4.3.1 Out of storage' }
  await addRelay(live, sink)
  await sendMany(live, await keyOf(live), 100)
  await live.testServer.server.idle()
  expect(sink.seen.offered).toBeLessThan(40)
  expect(await connectionOf(live)).toMatchObject({ state: 'refuses', step: 'envelope' })
  sink.state.fault = null
  for (let minutes = 0; minutes < 10; minutes += 1) await pass(live, minuteMs)
  expect(sink.subjects).toHaveLength(100)
})

test('A slow relay that works counts as available, and gets up to ten messages at once', async () => {
  const live = await openLiveFixture()
  const [slow, second] = [await openFaultySink(), await openSink()]
  slow.state.beforeAnswer = () =>
    new Promise((resolve) => void live.clock.after(5 * secondMs, resolve))
  await addRelay(live, slow, { name: 'slow', priority: 1 })
  await addRelay(live, second, { name: 'second', priority: 2 })
  await sendMany(live, live.key, 60)
  const states = new Set<string>()
  for (let places = 1; slow.subjects.length < 60; ) {
    const taken = slow.subjects.length
    const wanted = Math.min(places, 60 - taken)
    await until(`${wanted} at once`, () => slow.seen.offered - taken === wanted)
    live.clock.advance(5 * secondMs)
    await until('answered', () => slow.subjects.length === taken + wanted)
    states.add((await connectionOf(live)).state)
    places = Math.min(10, places + wanted)
  }
  await live.testServer.server.idle()
  expect([...states]).toEqual(['answers'])
  expect(slow.seen.mostOpen).toBe(10)
  expect(second.messages).toEqual([])
})

test('A relay that allows three connections gets all mail over three, and no message loses an attempt', async () => {
  const live = await openLiveFixture()
  const sink = await openFaultySink()
  sink.state.maxConnections = 3
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  sink.state.beforeAnswer = () => answered
  await addRelay(live, sink)
  const ids = await sendMany(live, live.key, 40)
  await until('asked', () => sink.seen.offered === 1)
  answer()
  await live.testServer.server.idle()
  expect(sink.subjects).toHaveLength(40)
  expect(new Set(sink.subjects).size).toBe(40)
  for (const id of ids) {
    expect((await read(live, id)).deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }])
  }
})

/** A port of this machine that neither accepts nor refuses connections. */
async function blackHole(): Promise<number> {
  const listener = new Worker(
    `const { createServer } = require('node:net')
     const { parentPort } = require('node:worker_threads')
     const server = createServer()
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       // The thread accepts no more connections, and its queue is soon full.
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000))
     })`,
    { eval: true },
  )
  const port = await new Promise<number>((resolve) => listener.once('message', resolve))
  const fillers = Array.from({ length: 4 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  )
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy()
    await listener.terminate()
  })
  await until(
    'its queue is full',
    () => fillers.filter(({ connecting }) => !connecting).length >= 2,
  )
  return port
}
