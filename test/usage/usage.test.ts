import { describe, expect, it } from 'vitest'
import { addRelay, openLiveFixture, openSink, pass, submitted } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const span = { from: '2026-01-15T10:00:00Z', to: '2026-01-15T14:00:00Z' }

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
await testServer.makeTenant('tenant_a')
const free = await testServer.makeKey({ name: '=HYPERLINK("http://x","y"), "quoted"' })
const owned = await testServer.makeKey({ name: 'owned', tenant_id: 'tenant_a' })
const reader = await testServer.makeKey({
  permissions: ['usage:read'],
  tenant_id: 'tenant_a',
  mode: 'live',
})
await testServer.reply('POST /v1/send', { key: free.key, body: mail })
await testServer.reply('POST /v1/send', { key: free.key, body: mail })
await testServer.reply('POST /v1/send', { key: owned.key, body: mail })
await testServer.server.idle()

describe('GET /v1/usage', () => {
  it('Usage has the mean and the 95th percentile of response times', async () => {
    const { totals, series, keys } = await testServer.reply('GET /v1/usage', { query: span })
    const timed = (await testServer.events(['request'])).map(({ data }) => Number(data.ms))
    const mean = timed.reduce((sum, ms) => sum + ms, 0) / timed.length
    expect(totals.mean_ms).toBeCloseTo(mean, 1)
    expect(totals.p95_ms).toBeGreaterThan(0)
    expect(series.filter(({ mean_ms: ms }) => ms !== null)).toHaveLength(1)
    expect(series.find(({ requests }) => requests === 0)).toMatchObject({
      mean_ms: null,
      p95_ms: null,
    })
    expect(keys.find(({ key_id: id }) => id === free.id)?.mean_ms).toBeGreaterThan(0)
  })

  it('Response times exclude streams that stay open', async () => {
    const other = await startTestServer({ environment: { clock: createTestClock() } })
    const { key } = await other.makeKey({ permissions: ['logs:read'] })
    const abort = new AbortController()
    const answer = await fetch(`${other.url}/v1/events`, {
      headers: { authorization: `Bearer ${key}` },
      signal: abort.signal,
    })
    await answer.body?.getReader().read()
    abort.abort()
    const totals = await eventually(async () => {
      await other.server.idle()
      const usage = await other.reply('GET /v1/usage', { query: span })
      return usage.totals.requests === 1 ? usage.totals : undefined
    })
    expect([totals.mean_ms, totals.p95_ms]).toEqual([null, null])
  })

  it('Usage is separated by tenant', async () => {
    const all = await testServer.reply('GET /v1/usage', { query: span })
    expect(all.tenants.map(({ tenant_id: id, emails }) => [id, emails]).toSorted()).toEqual([
      [null, 2],
      ['tenant_a', 1],
    ])
    const query = { ...span, tenant_id: 'tenant_a' }
    const one = await testServer.reply('GET /v1/usage', { query })
    expect([one.totals.emails, one.keys.map(({ key_id: id }) => id)]).toEqual([1, [owned.id]])
    const own = await testServer.reply('GET /v1/usage', { query: span, key: reader.key })
    expect(own.totals.emails).toBe(1)
  })

  it('Usage counts the outcomes of live mail per recipient', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    sink.rules.recipient = (address) => {
      if (address.startsWith('gone')) return '550 5.1.1 No such user'
      return address.startsWith('later') ? '450 4.2.1 Try again' : null
    }
    await addRelay(live, sink)
    await submitted(live, {
      to: ['ann@example.com', 'bob@example.com', 'gone@example.com', 'later@example.com'],
    })
    await pass(live, 0)
    const usage = await live.testServer.reply('GET /v1/usage')
    expect(usage.deliveries).toEqual({ delivered: 2, bounced: 1, deferred: 1, failed: 0 })
    const log = await live.testServer.events(['delivered', 'bounced', 'deferred'])
    expect(log).toHaveLength(4)
  })
})

/** RFC 4180, strictly. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  let row: string[] = []
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (!found) throw new Error(`Not CSV at ${at}: ${text.slice(at, at + 40)}`)
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

describe('GET /v1/usage.csv', () => {
  it('The CSV has a line per bucket, key, route and outcome, with the same totals', async () => {
    const answer = await testServer.request('GET /v1/usage.csv', {
      query: { ...span, bucket: 'hour' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers['content-disposition']).toBe('attachment; filename="usage.csv"')
    const [head = [], ...rows] = parseCsv(answer.text)
    expect(head).toEqual(
      'at key_id key_name tenant_id route outcome requests emails mean_ms p95_ms'.split(' '),
    )
    const { totals } = await testServer.reply('GET /v1/usage', { query: { ...span, to: span.to } })
    const column = (name: string) => head.indexOf(name)
    const sum = (name: string) => rows.reduce((total, row) => total + Number(row[column(name)]), 0)
    expect(sum('requests')).toBe(totals.requests)
    expect(sum('emails')).toBe(totals.emails)
    const line = rows.find((row) => row[column('key_id')] === owned.id)
    expect(line).toEqual([
      '2026-01-15T10:00:00.000Z',
      owned.id,
      'owned',
      'tenant_a',
      expect.any(String),
      'ok',
      expect.any(String),
      expect.any(String),
      expect.any(String),
      expect.any(String),
    ])
  })

  it('The CSV never contains a spreadsheet formula', async () => {
    const { text } = await testServer.request('GET /v1/usage.csv', { query: span })
    const names = parseCsv(text).map((row) => row[2])
    expect(names).toContain(`'=HYPERLINK("http://x","y"), "quoted"`)
    expect(text).not.toMatch(/(^|,)"?[=+@-]/m)
  })

  it('The CSV covers years without reading them at once', async () => {
    const query = { from: '2001-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z', bucket: 'minute' }
    const { text } = await testServer.request('GET /v1/usage.csv', { query })
    expect(parseCsv(text).length).toBeGreaterThan(2)
  })

  it('The CSV has only the tenant’s own usage for a tenant’s key', async () => {
    const { text } = await testServer.request('GET /v1/usage.csv', { query: span, key: reader.key })
    expect(text).toContain(owned.id)
    expect(text).not.toContain(free.id)
  })

  it.each([
    [{ from: span.to, to: span.from }, /before “to”/],
    [{ bucket: 'week' }, /one of: minute, hour, day/],
    [{ tenant_id: 'x'.repeat(65) }, /64 characters/],
  ])('The CSV export refuses %j', async (query, sentence) => {
    const answer = await testServer.request('GET /v1/usage.csv', { query })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })
})

describe('GET /api/v1/api-keys/{id}/usage', () => {
  it('The usage of a key has its daily limit, the rest of it, and a series by day', async () => {
    const made = await testServer.makeKey({ rate_limit: { emails_per_day: 3 } })
    await testServer.reply('POST /v1/send', { key: made.key, body: mail })
    await testServer.server.idle()
    const id = testServer.server.domain.keys.idOf(made.id) ?? 0
    const { usage_stats: stats } = await testServer.reply('GET /api/v1/api-keys/{id}/usage', {
      params: { id },
      query: { days: 2 },
    })
    expect(stats).toMatchObject({
      total_requests: 1,
      daily_limit: 3,
      daily_remaining: 2,
      current_daily_requests: 1,
      daily: [
        { date: '2026-01-14', requests: 0, success: 0, errors: 0 },
        { date: '2026-01-15', requests: 1, success: 1, errors: 0 },
      ],
    })
  })
})
