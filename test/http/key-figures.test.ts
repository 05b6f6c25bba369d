import { createTransport } from 'nodemailer'
import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }

async function limitsOf(id: string, key?: string) {
  const { data } = await testServer.reply(
    'GET /v1/api-keys/limits',
    key === undefined ? {} : { key },
  )
  return data.find(({ key_id: each }) => each === id)
}

describe('GET /v1/api-keys/limits', () => {
  it('The response has the spent part of a key’s own limits', async () => {
    const { id, key } = await testServer.makeKey({
      rate_limit: { requests_per_minute: 10, emails_per_day: 5 },
    })
    const fresh = { key_id: id, requests_per_minute: 10, burst: 15, emails_per_day: 5 }
    expect(await limitsOf(id)).toEqual({ ...fresh, requests_left: 15, emails_today: 0 })
    for (let round = 0; round < 2; round++) {
      expect((await testServer.request('POST /v1/send', { key, body: mail })).status).toBe(202)
    }
    expect(await limitsOf(id)).toEqual({ ...fresh, requests_left: 13, emails_today: 2 })
    clock.advance(60_000)
    expect(await limitsOf(id)).toEqual({ ...fresh, requests_left: 15, emails_today: 2 })
    clock.advance(86_400_000)
    expect(await limitsOf(id)).toMatchObject({ emails_today: 0 })
  })

  it('A key without own limits has the limits of the plan, and no daily limit', async () => {
    const test = await testServer.makeKey()
    const live = await testServer.makeKey({ mode: 'live' })
    expect(await limitsOf(test.id)).toMatchObject({ requests_per_minute: 10_000, burst: 15_000 })
    expect(await limitsOf(live.id)).toMatchObject({
      requests_per_minute: 1000,
      burst: 1500,
      emails_per_day: null,
      emails_today: null,
    })
  })

  it('A tenant sees its own keys, and revoked keys are omitted', async () => {
    await testServer.makeTenant('tenant_a')
    const theirs = await testServer.makeKey({
      tenant_id: 'tenant_a',
      permissions: ['api-keys:read'],
    })
    const ours = await testServer.makeKey()
    expect(await limitsOf(theirs.id, theirs.key)).toBeDefined()
    expect(await limitsOf(ours.id, theirs.key)).toBeUndefined()
    await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id: ours.id } })
    expect(await limitsOf(ours.id)).toBeUndefined()
  })
})

describe('GET /v1/api-keys/{id}/addresses', () => {
  const ask = (id: string, key?: string) =>
    testServer.request('GET /v1/api-keys/{id}/addresses', { params: { id }, key })

  it('The addresses of a key include HTTP and SMTP clients of the last seven days', async () => {
    const { id, key } = await testServer.makeKey()
    expect((await ask(id)).body).toEqual({ data: [] })
    await testServer.request('POST /v1/send', { key, body: mail })
    clock.advance(1000)
    const transport = createTransport({
      host: '127.0.0.1',
      port: testServer.server.smtpPort,
      ignoreTLS: true,
      auth: { user: 'mailsage', pass: key },
    })
    await transport.sendMail(mail)
    transport.close()
    // An SMTP session is written down when its connection is gone.
    const data = await eventually(async () => {
      const { data: found } = await testServer.reply('GET /v1/api-keys/{id}/addresses', {
        params: { id },
      })
      return found[0] && found[0].uses >= 2 ? found : undefined
    })
    expect(data).toMatchObject([{ address: '127.0.0.1', uses: 2 }])
    expect(Date.parse(data[0]?.last_used_at ?? '')).toBeGreaterThanOrEqual(clock.now() - 1000)
    clock.advance(8 * 86_400_000)
    expect((await ask(id)).body).toEqual({ data: [] })
  })

  it('The addresses of an unknown key or of another tenant’s key are not found', async () => {
    expectRefusal(await ask('key_nothing1'), 'not_found')
    await testServer.makeTenant('tenant_b')
    const { key } = await testServer.makeKey({
      tenant_id: 'tenant_b',
      permissions: ['api-keys:read'],
    })
    const other = await testServer.makeKey()
    expectRefusal(await ask(other.id, key), 'not_found')
  })

  it('The route needs the permission to read keys', async () => {
    const { id, key } = await testServer.makeKey({ permissions: ['send'] })
    expectRefusal(await ask(id, key), 'insufficient_permissions')
    expectRefusal(
      await testServer.request('GET /v1/api-keys/limits', { key }),
      'insufficient_permissions',
    )
  })
})
