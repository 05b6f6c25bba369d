import { describe, expect, test } from 'vitest'
import { emailOf, openSink, pass } from '../delivery/live-fixture.ts'
import { addNamed, openRelayFixture, recipientsOf, relayNamed, sendLive } from './relay-fixture.ts'

const hourMs = 3_600_000
/** The test clock stands at half past ten in the morning. */
const untilMidnightMs = 13.5 * hourMs

describe('A relay at its daily limit', () => {
  test('The relay is skipped, and the next one gets the remaining mail', async () => {
    const live = await openRelayFixture()
    const [first, second] = [await openSink(), await openSink()]
    await addNamed(live, 'first', first, { priority: 1, daily_limit: 2 })
    await addNamed(live, 'second', second, { priority: 2 })
    for (let count = 0; count < 3; count++) await sendLive(live)
    await live.testServer.server.idle()
    expect([first.messages.length, second.messages.length]).toEqual([2, 1])
    expect((await relayNamed(live, 'first')).sent_today).toBe(2)
    expect((await relayNamed(live, 'second')).sent_today).toBe(1)
  })

  test('The relay gets as many recipients of a message as its limit allows', async () => {
    const live = await openRelayFixture()
    const [first, second] = [await openSink(), await openSink()]
    await addNamed(live, 'first', first, { priority: 1, daily_limit: 2 })
    await addNamed(live, 'second', second, { priority: 2 })
    const id = await sendLive(live, ['a@example.com', 'b@example.com', 'c@example.com'])
    await live.testServer.server.idle()
    expect(recipientsOf(first)).toEqual(['a@example.com', 'b@example.com'])
    expect(recipientsOf(second)).toEqual(['c@example.com'])
    const email = await emailOf(live, id)
    expect(email.status).toBe('delivered')
    expect(email.deliveries.map(({ relay }) => relay)).toEqual(['first', 'first', 'second'])
  })

  test('Mail waits for midnight UTC without an attempt when there is no other relay', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    await addNamed(live, 'only', sink, { daily_limit: 1 })
    await sendLive(live)
    await live.testServer.server.idle()
    const { value: id, events } = await live.testServer.witness(() => sendLive(live))
    const midnight = '2026-01-16T00:00:00.000Z'
    expect(events.map(({ type }) => type).filter((type) => type !== 'request')).toEqual([
      'queued',
      'deferred',
    ])
    expect(events.find(({ type }) => type === 'deferred')?.data).toMatchObject({
      recipient: 'ann@example.com',
      attempt: 0,
      relay: null,
      next_attempt_at: Date.parse(midnight),
    })
    const waiting = await emailOf(live, id)
    expect(waiting.status).toBe('queued')
    expect(waiting.deliveries).toMatchObject([
      { status: 'deferred', attempts: 0, next_attempt_at: midnight },
    ])
    await pass(live, untilMidnightMs - 1000)
    expect(sink.messages).toHaveLength(1)
    await pass(live, 1000)
    expect(sink.messages).toHaveLength(2)
    expect((await emailOf(live, id)).deliveries).toMatchObject([
      { status: 'delivered', attempts: 1 },
    ])
    expect((await relayNamed(live, 'only')).sent_today).toBe(1)
  })

  test('A message with more recipients than the limit is sent over several days', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    await addNamed(live, 'only', sink, { daily_limit: 2 })
    const to = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`)
    const id = await sendLive(live, to)
    await live.testServer.server.idle()
    expect(recipientsOf(sink)).toEqual(to.slice(0, 2))
    await pass(live, untilMidnightMs)
    expect(recipientsOf(sink)).toEqual(to.slice(0, 4))
    await pass(live, 24 * hourMs)
    expect(recipientsOf(sink)).toEqual(to)
    const email = await emailOf(live, id)
    expect(email.status).toBe('delivered')
    expect(email.deliveries.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1])
  })

  test('The relay stays at its limit after a restart', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    await addNamed(live, 'only', sink, { daily_limit: 1 })
    await sendLive(live)
    await live.testServer.server.idle()
    await live.testServer.restart()
    await sendLive(live)
    await live.testServer.server.idle()
    expect(sink.messages).toHaveLength(1)
  })

  test('Delivered recipients count, and refused ones do not', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    await addNamed(live, 'only', sink, { daily_limit: 1 })
    sink.rules.recipient = () => '550 5.1.1 No such user'
    await sendLive(live)
    await live.testServer.server.idle()
    expect((await relayNamed(live, 'only')).sent_today).toBe(0)
    delete sink.rules.recipient
    await sendLive(live)
    await live.testServer.server.idle()
    expect(sink.messages).toHaveLength(1)
  })

  test('Many messages at once never exceed the limit', async () => {
    const live = await openRelayFixture()
    const sink = await openSink()
    await addNamed(live, 'only', sink, { daily_limit: 7 })
    await Promise.all(Array.from({ length: 30 }, () => sendLive(live)))
    await live.testServer.server.idle()
    expect(sink.messages).toHaveLength(7)
    expect((await relayNamed(live, 'only')).sent_today).toBe(7)
  })
})
