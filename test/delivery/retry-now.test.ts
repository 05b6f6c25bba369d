import { describe, expect, test } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import {
  addRelay,
  emailOf,
  type LiveFixture,
  openLiveFixture,
  openSink,
  pass,
  submitted,
} from './live-fixture.ts'

const hourMs = 3_600_000
const to = ['ann@example.com', 'gone@example.com', 'busy@example.com']

const retry = ({ testServer, key }: LiveFixture, id: string) =>
  testServer.request('POST /v1/emails/{id}/retry', { key, params: { id } })

async function withThreeOutcomes() {
  const live = await openLiveFixture()
  const sink = await openSink()
  await addRelay(live, sink)
  sink.rules.recipient = (address) => {
    if (address === 'gone@example.com') return '550 5.1.1 No such user'
    return address === 'busy@example.com' ? '451 4.2.0 Mailbox busy' : null
  }
  const id = await submitted(live, { to })
  await live.testServer.server.idle()
  return { live, sink, id }
}

describe('POST /v1/emails/{id}/retry', () => {
  test('A retry sends now to the deferred recipient, and to no delivered or bounced one', async () => {
    const { live, sink, id } = await withThreeOutcomes()
    delete sink.rules.recipient
    const { value: answer, events } = await live.testServer.witness(() => retry(live, id))
    expect(answer.status).toBe(200)
    expect(
      events
        .filter(({ type }) => type !== 'request')
        .map(({ type, data }) => [type, data.recipient, data.by ?? null]),
    ).toEqual([
      ['retried', 'busy@example.com', live.keyId],
      ['sending', 'busy@example.com', null],
      ['delivered', 'busy@example.com', null],
    ])
    expect(sink.messages.map(({ rcptTo }) => rcptTo)).toEqual([
      ['ann@example.com'],
      ['busy@example.com'],
    ])
    expect((await emailOf(live, id)).deliveries.map(({ status }) => status)).toEqual([
      'delivered',
      'bounced',
      'delivered',
    ])
    await pass(live, 24 * hourMs)
    expect(sink.messages).toHaveLength(2)
  })

  test('A retry restarts all attempts of failed recipients', async () => {
    const { live, sink, id } = await withThreeOutcomes()
    for (const minutes of [1, 5, 30, 120, 360]) await pass(live, minutes * 60_000)
    expect((await emailOf(live, id)).deliveries[2]).toMatchObject({ status: 'failed', attempts: 6 })
    expect((await retry(live, id)).status).toBe(200)
    await live.testServer.server.idle()
    const [, , busy] = (await emailOf(live, id)).deliveries
    expect(busy).toMatchObject({ status: 'deferred', attempts: 1 })
    delete sink.rules.recipient
    await pass(live, 60_000)
    expect((await emailOf(live, id)).deliveries[2]).toMatchObject({ status: 'delivered' })
  })

  test('A retry is refused without a recipient to retry, and for an unknown message', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    await addRelay(live, sink)
    const id = await submitted(live)
    await live.testServer.server.idle()
    const { value: answer, events } = await live.testServer.witness(() => retry(live, id))
    expect(expectRefusal(answer, 'conflict')).toContain('no recipient can be retried')
    expect(events.map(({ type }) => type)).toEqual(['request'])
    expectRefusal(await retry(live, 'msg_nothing'), 'not_found')
    const later = await live.testServer.reply('POST /v1/send', {
      key: live.key,
      body: {
        from: 'app@example.com',
        to: 'ann@example.com',
        subject: 'Later',
        text: 'x',
        scheduled_at: new Date(live.clock.now() + hourMs).toISOString(),
      },
    })
    expect(expectRefusal(await retry(live, later.id), 'conflict')).toContain('is scheduled')
    expect(sink.messages).toHaveLength(1)
  })

  test('A retry is refused without a relay', async () => {
    const { live, id } = await withThreeOutcomes()
    const { data } = await live.testServer.reply('GET /v1/relays')
    for (const relay of data) {
      await live.testServer.reply('DELETE /v1/relays/{id}', { params: { id: relay.id } })
    }
    expectRefusal(await retry(live, id), 'relay_not_configured')
  })
})

test('Many messages are retried at once, and those without a recipient to retry are named', async () => {
  const { live, sink, id } = await withThreeOutcomes()
  const other = await submitted(live)
  await live.testServer.server.idle()
  delete sink.rules.recipient
  const ids = [id, other, 'msg_nothing', id]
  const answer = await live.testServer.reply('POST /v1/outbox/retry', {
    key: live.key,
    body: { ids },
  })
  expect(answer).toEqual({ retried: [id], skipped: [other, 'msg_nothing'] })
  await live.testServer.server.idle()
  expect(sink.messages.filter(({ rcptTo }) => rcptTo[0] === 'busy@example.com')).toHaveLength(1)
})

test('An attempt has its duration and the skipped relays', async () => {
  const live = await openLiveFixture()
  const [broken, sink] = [await openSink(), await openSink()]
  await addRelay(live, broken, { name: 'broken', priority: 1 })
  await addRelay(live, sink, { name: 'spare', priority: 2 })
  broken.rules.connect = () => '421 4.3.2 Closed for today'
  const { value: id, events } = await live.testServer.witness(() => submitted(live))
  expect(events.find(({ type }) => type === 'delivered')?.data).toMatchObject({
    relay: 'spare',
    ms: 0,
    passed_over: [{ relay: 'broken', reply: expect.stringContaining('421') }],
  })
  const { data } = await live.testServer.reply('GET /v1/logs', {
    key: live.key,
    query: { email_id: id },
  })
  expect(data.at(-1)).toMatchObject({ event: 'delivered', duration_ms: 0 })
})
