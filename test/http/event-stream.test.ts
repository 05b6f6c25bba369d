import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { openFeed, readEvents } from './event-reader.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const sender = await testServer.makeKey({ permissions: ['send'] })
const admin = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

const send = async (key = sender.key) =>
  (await testServer.reply('POST /v1/send', { key, body: mail })).id
const lastSeq = () => testServer.server.domain.events.lastSeq()

describe('GET /v1/events', () => {
  it('Events are streamed as server-sent events from the connection on', async () => {
    await send()
    const feed = await openFeed(testServer.url, admin.key, { types: 'captured' })
    expect(feed.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-ratelimit-limit': '1000',
    })
    const id = await send()
    const [event] = await feed.until(({ length }) => length > 0)
    expect(event).toEqual({
      seq: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      type: 'captured',
      key_id: sender.id,
      tenant_id: null,
      message_id: id,
      data: {
        inbox: 'default',
        door: 'http',
        size_bytes: expect.any(Number),
        recipients: 1,
        request_id: expect.stringMatching(/^req_/),
      },
    })
    expect(feed.ids).toEqual([String(event?.seq)])
    feed.close()
  })

  it('An event arrives within 200 ms of the response', async () => {
    const feed = await openFeed(testServer.url, admin.key, { types: 'captured' })
    const waits: number[] = []
    for (let count = 1; count <= 10; count++) {
      await send()
      const answered = performance.now()
      await feed.until(({ length }) => length >= count)
      waits.push(performance.now() - answered)
    }
    feed.close()
    expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(200)
  })

  it('The stream resumes after a seq, or after the last event that a client has received', async () => {
    const start = lastSeq()
    const ids = [await send(), await send(), await send()]
    const types = 'captured'
    const all = await readEvents(testServer.url, admin.key, { after: start, types, until: 3 })
    expect(all.map((event) => event.message_id)).toEqual(ids)
    const second = all[1]?.seq ?? 0
    const [byQuery] = await readEvents(testServer.url, admin.key, {
      after: second,
      types,
      until: 1,
    })
    const lastEventId = String(second)
    const [byHeader] = await readEvents(testServer.url, admin.key, { lastEventId, types, until: 1 })
    expect([byQuery, byHeader]).toEqual([all[2], all[2]])
  })

  it('An invalid Last-Event-ID starts the stream from now', async () => {
    const feed = await openFeed(testServer.url, admin.key, { lastEventId: 'x', types: 'captured' })
    const id = await send()
    const [first] = await feed.until(({ length }) => length > 0)
    expect(first?.message_id).toBe(id)
    feed.close()
  })

  it('The stream contains only the requested types', async () => {
    const start = lastSeq()
    await send()
    await testServer.makeKey()
    await send()
    const types = 'key.created, captured'
    const events = await readEvents(testServer.url, admin.key, { after: start, types, until: 3 })
    expect(events.map(({ type }) => type)).toEqual(['captured', 'key.created', 'captured'])
  })

  it('A tenant’s key receives the events of its tenant only, in order', async () => {
    const start = lastSeq()
    await testServer.makeTenant('tenant_a')
    const own = await testServer.makeKey({
      tenant_id: 'tenant_a',
      permissions: ['send', 'logs:read'],
    })
    const ids: string[] = []
    for (let count = 0; count < 5; count++) {
      await send()
      ids.push(await send(own.key))
    }
    const types = 'captured'
    const events = await readEvents(testServer.url, own.key, { after: start, types, until: 5 })
    expect(events.map((event) => event.message_id)).toEqual(ids)
  })

  it.each([
    ['after=-1', /“after” must be 0 or more/],
    ['after=x', /“after” must be a number/],
    ['types=captured,nope', /one of: captured/],
  ])('The query %s is refused', async (query, sentence) => {
    const answer = await testServer.ask('GET', `/v1/events?${query}`)
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('20 readers receive the same events while 5,000 messages arrive', {
    timeout: 90_000,
  }, async () => {
    const fast = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    const start = lastSeq()
    const feeds = await Promise.all(
      Array.from({ length: 20 }, () =>
        openFeed(testServer.url, testServer.server.consoleKey, { after: start, types: 'captured' }),
      ),
    )
    const [slow] = feeds
    slow?.pause()
    const sent = new Set<string>()
    let underway = 0
    const work = Array.from({ length: 32 }, async () => {
      while (sent.size + underway < 5000) {
        underway += 1
        const id = await send(fast.key)
        underway -= 1
        sent.add(id)
      }
    })
    await Promise.all(work)
    slow?.resume()
    for (const feed of feeds) {
      const events = await feed.until(({ length }) => length >= sent.size)
      const seqs = events.map(({ seq }) => seq)
      expect(new Set(events.map((event) => event.message_id))).toEqual(sent)
      expect(events).toHaveLength(sent.size)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
      feed.close()
    }
    expect(sent.size).toBe(5000)
  })
})

it('Streams end when the server closes, and closing does not wait for them', async () => {
  const other = await startTestServer()
  const feeds = await Promise.all(
    Array.from({ length: 5 }, () => openFeed(other.url, other.server.consoleKey)),
  )
  const started = performance.now()
  await other.server.close()
  await Promise.all(feeds.map(({ ended }) => ended))
  expect(performance.now() - started).toBeLessThan(5000)
})

it('A reader that disconnects is removed', async () => {
  const feed = await openFeed(testServer.url, admin.key)
  feed.close()
  await feed.ended
  await send()
  expect((await testServer.ask('GET', '/health')).status).toBe(200)
})
