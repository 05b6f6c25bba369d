import { describe, expect, it } from 'vitest'
import { deafPort, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const mail = { from: 'app@acme.com', to: 'ann@example.com', subject: 's', text: 't' }

async function openTenant(more: object = {}) {
  const clock = createTestClock()
  const testServer = await startTestServer({ environment: { clock } })
  const settings = { from_name: 'Acme Corp', reply_to: 'support@acme.com' }
  const { id } = await testServer.reply('POST /v1/tenants', {
    body: { name: 'A', settings, ...more },
  })
  const { key } = await testServer.makeKey({ tenant_id: id, mode: 'live', permissions: ['*'] })
  const test = await testServer.makeKey({ tenant_id: id, permissions: ['*'] })
  return { testServer, clock, id, key, testKey: test.key }
}

const smtpOf = ({ port }: { readonly port: number }) => ({
  host: '127.0.0.1',
  port,
  user: 'acme',
  pass: 'p',
  tls: 'none',
})

describe('The mail of a tenant’s keys', () => {
  it('A message without a sender gets the sender name and reply address of the tenant', async () => {
    const { testServer, testKey } = await openTenant()
    const read = async (body: object) => {
      const { id } = await testServer.reply('POST /v1/send', { key: testKey, body })
      const { from, reply_to: replyTo } = await testServer.reply('GET /v1/inbox/{id}', {
        params: { id },
      })
      return [from, replyTo.map(({ address }) => address)]
    }
    expect(await read(mail)).toEqual([
      { name: 'Acme Corp', address: 'app@acme.com' },
      ['support@acme.com'],
    ])
    expect(await read({ ...mail, from: 'Own <a@acme.com>', reply_to: 'r@acme.com' })).toEqual([
      { name: 'Own', address: 'a@acme.com' },
      ['r@acme.com'],
    ])
    const { key } = await testServer.makeKey()
    const { id } = await testServer.reply('POST /v1/send', { key, body: mail })
    const nobodys = await testServer.reply('GET /v1/inbox/{id}', { params: { id } })
    expect([nobodys.from.name, nobodys.reply_to]).toEqual([null, []])
  })

  it('A message is sent through the relay of the tenant, or through the installation’s without one', async () => {
    const [ours, theirs] = [await openSink(), await openSink({ auth: true })]
    const { testServer, id, key } = await openTenant({ smtp: smtpOf(theirs) })
    const relay = { name: 'ours', host: '127.0.0.1', port: ours.port, tls: 'none' }
    await testServer.reply('POST /v1/relays', { body: relay })
    await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    expect(theirs.messages).toMatchObject([{ user: 'acme' }])
    await testServer.reply('PUT /v1/tenants/{id}', { params: { id }, body: { smtp: null } })
    await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    expect([ours.messages.length, theirs.messages.length]).toEqual([1, 1])
  })

  it('A change of the relay without a password keeps the former password', async () => {
    const sink = await openSink({ auth: true })
    sink.rules.password = 'p'
    const { testServer, id, key } = await openTenant({ smtp: smtpOf({ port: await deafPort() }) })
    const { pass: _, ...smtp } = smtpOf(sink)
    await testServer.reply('PUT /v1/tenants/{id}', { params: { id }, body: { smtp } })
    await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    expect(sink.messages).toMatchObject([{ user: 'acme' }])
  })

  it('A message never goes through the relay of another tenant', async () => {
    const theirs = await openSink()
    const { testServer } = await openTenant({ smtp: smtpOf(theirs) })
    const { key } = await testServer.makeKey({ mode: 'live' })
    const answer = await testServer.request('POST /v1/send', { key, body: mail })
    expectRefusal(answer, 'relay_not_configured')
    const other = await testServer.reply('POST /v1/tenants', { body: { name: 'B' } })
    const otherKey = await testServer.makeKey({ mode: 'live', tenant_id: other.id })
    const refused = await testServer.request('POST /v1/send', { key: otherKey.key, body: mail })
    expectRefusal(refused, 'relay_not_configured')
    expect(theirs.connections).toBe(0)
  })
})

describe('The emails and usage of a tenant', () => {
  it('A tenant has its own emails and usage, by month', async () => {
    const sink = await openSink()
    const { testServer, clock, id, key, testKey } = await openTenant({ smtp: smtpOf(sink) })
    sink.rules.recipient = (address) => (address === 'gone@example.com' ? '550 No' : null)
    const to = ['ann@example.com', 'bob@example.com', 'gone@example.com']
    const sent = await testServer.reply('POST /v1/send', { key, body: { ...mail, to } })
    const captured = await testServer.reply('POST /v1/send', { key: testKey, body: mail })
    const { key: other } = await testServer.makeKey()
    await testServer.reply('POST /v1/send', { key: other, body: mail })
    await testServer.server.idle()
    const params = { id }
    const list = await testServer.reply('GET /v1/tenants/{id}/emails', { params })
    expect(list.data.map((email) => email.id)).toEqual([captured.id, sent.id])
    expect(list.pagination.total).toBe(2)
    const january = {
      tenant_id: id,
      period: '2026-01',
      emails_sent: 3,
      emails_delivered: 2,
      emails_bounced: 1,
      api_requests: 2,
    }
    const usage = (period?: string) =>
      testServer.reply('GET /v1/tenants/{id}/usage', { params, query: { period } })
    expect(await usage()).toEqual(january)
    expect(await usage('2025-12')).toMatchObject({ emails_sent: 0, api_requests: 0 })
    clock.advance(17 * 86_400_000)
    await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    expect(await usage()).toMatchObject({
      period: '2026-02',
      emails_sent: 1,
      emails_delivered: 1,
      emails_bounced: 0,
      api_requests: 1,
    })
    expect(await usage('2026-01')).toEqual(january)
  })

  it.each(['2026-13', '2026', 'January'])('The invalid month %s is refused', async (period) => {
    const { testServer, id } = await openTenant()
    const answer = await testServer.request('GET /v1/tenants/{id}/usage', {
      params: { id },
      query: { period },
    })
    expect(expectRefusal(answer, 'invalid_parameter')).toContain('period')
  })

  it('An email counts as sent only after a relay has accepted it', async () => {
    const { testServer, id, key } = await openTenant({ smtp: smtpOf({ port: await deafPort() }) })
    await testServer.reply('POST /v1/send', { key, body: mail })
    await testServer.server.idle()
    expect(await testServer.reply('GET /v1/tenants/{id}/usage', { params: { id } })).toMatchObject({
      emails_sent: 0,
      api_requests: 1,
    })
  })
})
