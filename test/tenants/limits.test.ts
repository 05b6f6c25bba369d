import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

async function openTenant(rate_limit: object) {
  const clock = createTestClock()
  const testServer = await startTestServer({ environment: { clock } })
  const { id } = await testServer.reply('POST /v1/tenants', { body: { name: 'Acme', rate_limit } })
  const [first, second, other] = [
    await testServer.makeKey({ tenant_id: id }),
    await testServer.makeKey({ tenant_id: id }),
    await testServer.makeKey(),
  ]
  return { testServer, clock, id, first: first.key, second: second.key, other: other.key }
}

const ask = (testServer: TestServer, key: string) => testServer.request('GET /v1/session', { key })
const send = (testServer: TestServer, key: string) =>
  testServer.request('POST /v1/send', {
    key,
    body: { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' },
  })

describe('The requests a minute of a tenant', () => {
  it('All keys of the tenant share its limit, which the headers report, and other tenants do not', async () => {
    const { testServer, clock, first, second, other } = await openTenant({ requests_per_minute: 4 })
    const statuses: number[] = []
    for (let count = 0; count < 6; count++) {
      statuses.push((await ask(testServer, count % 2 ? first : second)).status)
    }
    // The burst is half as much again.
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200])
    const refused = await ask(testServer, first)
    expect(expectRefusal(refused, 'rate_limit_exceeded')).toContain('this tenant may make 4')
    expect(refused.headers).toMatchObject({
      'x-ratelimit-limit': '4',
      'x-ratelimit-remaining': '0',
      'retry-after': '15',
    })
    expectRefusal(await ask(testServer, second), 'rate_limit_exceeded')
    expect((await ask(testServer, other)).status).toBe(200)
    clock.advance(15_000)
    expect((await ask(testServer, second)).status).toBe(200)
  })

  it('The limit applies together with the limit of a key, and the tighter one decides', async () => {
    const { testServer, id } = await openTenant({ requests_per_minute: 1000 })
    const { key } = await testServer.makeKey({
      tenant_id: id,
      rate_limit: { requests_per_minute: 2 },
    })
    for (let count = 0; count < 3; count++) await ask(testServer, key)
    const refused = await ask(testServer, key)
    expect(expectRefusal(refused, 'rate_limit_exceeded')).toContain('this key may make 2')
  })

  it('The limit is kept over a restart', async () => {
    const { testServer, first } = await openTenant({ requests_per_minute: 4 })
    for (let count = 0; count < 6; count++) await ask(testServer, first)
    await testServer.restart()
    expectRefusal(await ask(testServer, first), 'rate_limit_exceeded')
  })

  it('The limit changes as soon as the tenant changes', async () => {
    const { testServer, id, first } = await openTenant({ requests_per_minute: 2 })
    for (let count = 0; count < 3; count++) await ask(testServer, first)
    expectRefusal(await ask(testServer, first), 'rate_limit_exceeded')
    await testServer.reply('PUT /v1/tenants/{id}', { params: { id }, body: { rate_limit: null } })
    expect((await ask(testServer, first)).status).toBe(200)
  })
})

describe('The emails a day of a tenant', () => {
  it('All keys of the tenant share its limit until midnight UTC', async () => {
    const { testServer, clock, first, second, other } = await openTenant({ emails_per_day: 3 })
    for (const key of [first, second, first]) expect((await send(testServer, key)).status).toBe(202)
    const refused = await send(testServer, second)
    expect(expectRefusal(refused, 'daily_limit_exceeded')).toContain('this tenant may send 3')
    expect(refused.headers['retry-after']).toBe(String(13.5 * 3600))
    expect((await send(testServer, other)).status).toBe(202)
    clock.advance(13.5 * 3_600_000)
    expect((await send(testServer, second)).status).toBe(202)
  })

  it('A batch over the limit is refused as a whole', async () => {
    const { testServer, first } = await openTenant({ emails_per_day: 2 })
    const batch = (count: number) =>
      testServer.request('POST /api/v1/emails/batch', {
        key: first,
        body: {
          recipients: Array.from({ length: count }, (_, n) => ({ email: `u${n}@example.com` })),
          subject: 's',
          body: 'b',
        },
      })
    const refused = await batch(3)
    expect([refused.status, refused.body]).toMatchObject([
      429,
      { code: 'daily_limit_exceeded', details: { remaining: 2 } },
    ])
    expect((await batch(2)).status).toBe(202)
    await testServer.server.idle()
    expectRefusal(await send(testServer, first), 'daily_limit_exceeded')
  })
})
