import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { type House, openHouse } from '../test-server.ts'

async function openTenant(rate_limit: object) {
  const clock = createTestClock()
  const house = await openHouse({ outside: { clock } })
  const { id } = await house.reply('POST /v1/tenants', { body: { name: 'Acme', rate_limit } })
  const [first, second, other] = [
    await house.makeKey({ tenant_id: id }),
    await house.makeKey({ tenant_id: id }),
    await house.makeKey(),
  ]
  return { house, clock, id, first: first.key, second: second.key, other: other.key }
}

const ask = (house: House, key: string) => house.request('GET /v1/session', { key })
const send = (house: House, key: string) =>
  house.request('POST /v1/send', {
    key,
    body: { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' },
  })

describe('a tenant’s requests a minute', () => {
  it('are shared by all its keys, told in the headers, and nobody else’s', async () => {
    const { house, clock, first, second, other } = await openTenant({ requests_per_minute: 4 })
    const statuses: number[] = []
    for (let count = 0; count < 6; count++) {
      statuses.push((await ask(house, count % 2 ? first : second)).status)
    }
    // The burst is half as much again.
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200])
    const refused = await ask(house, first)
    expect(expectRefusal(refused, 'rate_limit_exceeded')).toContain('this tenant may make 4')
    expect(refused.headers).toMatchObject({
      'x-ratelimit-limit': '4',
      'x-ratelimit-remaining': '0',
      'retry-after': '15',
    })
    expectRefusal(await ask(house, second), 'rate_limit_exceeded')
    expect((await ask(house, other)).status).toBe(200)
    clock.advance(15_000)
    expect((await ask(house, second)).status).toBe(200)
  })

  it('hold beside a key’s own, whichever is tighter', async () => {
    const { house, id } = await openTenant({ requests_per_minute: 1000 })
    const { key } = await house.makeKey({ tenant_id: id, rate_limit: { requests_per_minute: 2 } })
    for (let count = 0; count < 3; count++) await ask(house, key)
    const refused = await ask(house, key)
    expect(expectRefusal(refused, 'rate_limit_exceeded')).toContain('this key may make 2')
  })

  it('are remembered over a restart', async () => {
    const { house, first } = await openTenant({ requests_per_minute: 4 })
    for (let count = 0; count < 6; count++) await ask(house, first)
    await house.restart()
    expectRefusal(await ask(house, first), 'rate_limit_exceeded')
  })

  it('change as soon as the tenant is changed', async () => {
    const { house, id, first } = await openTenant({ requests_per_minute: 2 })
    for (let count = 0; count < 3; count++) await ask(house, first)
    expectRefusal(await ask(house, first), 'rate_limit_exceeded')
    await house.reply('PUT /v1/tenants/{id}', { params: { id }, body: { rate_limit: null } })
    expect((await ask(house, first)).status).toBe(200)
  })
})

describe('a tenant’s emails a day', () => {
  it('are shared by all its keys until midnight UTC', async () => {
    const { house, clock, first, second, other } = await openTenant({ emails_per_day: 3 })
    for (const key of [first, second, first]) expect((await send(house, key)).status).toBe(202)
    const refused = await send(house, second)
    expect(expectRefusal(refused, 'daily_limit_exceeded')).toContain('this tenant may send 3')
    expect(refused.headers['retry-after']).toBe(String(13.5 * 3600))
    expect((await send(house, other)).status).toBe(202)
    clock.advance(13.5 * 3_600_000)
    expect((await send(house, second)).status).toBe(202)
  })

  it('refuse a batch that has no room, before any of it is taken', async () => {
    const { house, first } = await openTenant({ emails_per_day: 2 })
    const batch = (count: number) =>
      house.request('POST /api/v1/emails/batch', {
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
    await house.relay.idle()
    expectRefusal(await send(house, first), 'daily_limit_exceeded')
  })
})
