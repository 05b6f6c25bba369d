import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { readEvents } from './event-reader.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
await Promise.all(['tenant_a', 'tenant_b'].map(testServer.makeTenant))
const [ours, theirs, nobodys] = await Promise.all(
  ['tenant_a', 'tenant_b', null].map((tenant_id) =>
    testServer.makeKey({ mode: 'live', permissions: ['*'], tenant_id }),
  ),
)
if (!ours || !theirs || !nobodys) throw new Error('Three keys were made')

const sender = { permissions: ['send' as const], mode: 'test' as const }
const ourSender = await testServer.makeKey({ ...sender, tenant_id: 'tenant_a' })
const theirSender = await testServer.makeKey({ ...sender, tenant_id: 'tenant_b' })
const freeSender = await testServer.makeKey(sender)

async function send(key: string): Promise<string> {
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', html: '<p>secret</p>' }
  return (await testServer.reply('POST /v1/send', { key, body })).id
}
const ourMail = await send(ourSender.key)
const theirMail = await send(theirSender.key)
const freeMail = await send(freeSender.key)
await testServer.server.idle()

describe('The resources of a tenant’s key', () => {
  it('A tenant’s key sees the keys of its tenant only', async () => {
    const { data } = await testServer.reply('GET /v1/api-keys', { key: ours.key })
    expect(data.map(({ id }) => id).toSorted()).toEqual([ours.id, ourSender.id].toSorted())
    const mailsage = await testServer.reply('GET /api/v1/api-keys', { key: ours.key })
    expect(mailsage.api_keys).toHaveLength(2)
  })

  it('A tenant’s key sees and counts the mail of its tenant only', async () => {
    const emails = await testServer.reply('GET /v1/emails', { key: ours.key })
    expect([emails.data.map(({ id }) => id), emails.pagination.total]).toEqual([[ourMail], 1])
    const inbox = await testServer.reply('GET /v1/inbox', { key: ours.key })
    expect([inbox.data.map(({ id }) => id), inbox.counts]).toEqual([
      [ourMail],
      { total: 1, unread: 1 },
    ])
    const found = await testServer.reply('GET /v1/inbox', {
      key: ours.key,
      query: { query: 'secret' },
    })
    expect(found.data.map(({ id }) => id)).toEqual([ourMail])
    const { data } = await testServer.reply('GET /v1/inboxes', { key: ours.key })
    expect(data).toEqual([{ name: 'default', total: 1, unread: 1 }])
  })

  it('A tenant’s key sees its own usage only', async () => {
    const usage = await testServer.reply('GET /v1/usage', { key: ours.key })
    const named = usage.keys.map(({ key_id: id }) => id)
    expect(named).not.toContain(theirSender.id)
    expect(named).not.toContain(freeSender.id)
    expect(usage.totals.emails).toBe(1)
    const peek = await testServer.reply('GET /v1/usage', {
      key: ours.key,
      query: { key_id: theirSender.id },
    })
    expect(peek.totals.requests).toBe(0)
  })

  it('A tenant’s key sees its own events only', async () => {
    const seen = await readEvents(testServer.url, ours.key, {
      after: 0,
      until: 3,
      types: 'captured,key.created',
    })
    expect(new Set(seen.map(({ tenant_id: tenant }) => tenant))).toEqual(new Set(['tenant_a']))
  })

  it('A tenant’s key sees its own relays only', async () => {
    const body = { name: 'R', host: 'mail.example.com' }
    const relay = await testServer.reply('POST /v1/relays', { key: theirs.key, body })
    const params = { id: relay.id }
    expect((await testServer.reply('GET /v1/relays', { key: ours.key })).data).toEqual([])
    expectRefusal(
      await testServer.request('GET /v1/relays/{id}', { key: ours.key, params }),
      'not_found',
    )
    const test = { key: ours.key, params, body: {} }
    expectRefusal(await testServer.request('POST /v1/relays/{id}/test', test), 'not_found')
    await testServer.reply('DELETE /v1/relays/{id}', { params })
  })
})

describe('The resources of another tenant', () => {
  it.each([
    ['GET /v1/inbox/{id}', undefined],
    ['PATCH /v1/inbox/{id}', { read: true }],
    ['DELETE /v1/inbox/{id}', undefined],
    ['GET /v1/inbox/{id}/raw', undefined],
    ['GET /v1/inbox/{id}/html', undefined],
    ['GET /v1/inbox/{id}/text', undefined],
    ['GET /v1/inbox/{id}/headers', undefined],
    ['POST /v1/inbox/{id}/view', {}],
    ['GET /v1/emails/{id}', undefined],
  ] as const)('Mail of another tenant is not found: %s', async (line, body) => {
    for (const id of [theirMail, freeMail]) {
      const call = { key: ours.key, params: { id }, ...(body ? { body } : {}) }
      expectRefusal(await testServer.request(line, call), 'not_found')
    }
  })

  it.each([
    ['GET /v1/api-keys/{id}', undefined],
    ['PATCH /v1/api-keys/{id}', { name: 'mine' }],
    ['POST /v1/api-keys/{id}/rotate', {}],
    ['DELETE /v1/api-keys/{id}', undefined],
  ] as const)('Keys of another tenant are not found: %s', async (line, body) => {
    for (const { id } of [theirs, nobodys]) {
      const call = { key: ours.key, params: { id }, ...(body ? { body } : {}) }
      expectRefusal(await testServer.request(line, call), 'not_found')
    }
  })

  it('Keys of another tenant and unknown keys have the same refusal', async () => {
    const { api_keys: all } = await testServer.reply('GET /api/v1/api-keys')
    const theirId = all.find(({ key_prefix }) => theirs.prefix.endsWith(key_prefix))?.id ?? 0
    for (const line of [
      'GET /api/v1/api-keys/{id}/usage',
      'DELETE /api/v1/api-keys/{id}',
    ] as const) {
      const [hidden, absent] = [
        await testServer.request(line, { key: ours.key, params: { id: theirId } }),
        await testServer.request(line, { key: ours.key, params: { id: 424_242 } }),
      ]
      expect(expectRefusal(hidden, 'not_found', '/api/v1')).toBe(
        expectRefusal(absent, 'not_found', '/api/v1'),
      )
    }
  })

  it('Mail of another tenant is neither marked nor deleted in bulk', async () => {
    const before = await testServer.reply('GET /v1/inbox')
    const ids = [theirMail, freeMail]
    const bulk = { key: ours.key, body: { ids } }
    expect(await testServer.reply('POST /v1/inbox/delete', bulk)).toEqual({ changed: 0 })
    const mark = { key: ours.key, body: { ids, read: true } }
    expect(await testServer.reply('PATCH /v1/inbox', mark)).toEqual({ changed: 0 })
    expect(
      await testServer.reply('PATCH /v1/inbox', { key: ours.key, body: { read: false } }),
    ).toMatchObject({})
    expect(await testServer.reply('GET /v1/inbox')).toEqual(before)
  })
})

describe('The tenant of a new key', () => {
  it('A tenant’s key creates keys of its own tenant, by name or by default', async () => {
    for (const tenant_id of [undefined, null, 'tenant_a']) {
      const made = await testServer.reply('POST /v1/api-keys', {
        key: ours.key,
        body: { name: 'x', tenant_id },
      })
      expect(made.tenant_id).toBe('tenant_a')
    }
    const mailsage = await testServer.reply('POST /api/v1/api-keys', {
      key: ours.key,
      body: { name: 'y' },
    })
    const session = await testServer.reply('GET /v1/api-keys', { key: ours.key })
    expect(session.data[0]?.name).toBe('y')
    expect(mailsage.api_key.name).toBe('y')
  })

  it('A tenant’s key creates no key of another tenant', async () => {
    const call = { key: ours.key, body: { name: 'x', tenant_id: 'tenant_b' } }
    expectRefusal(await testServer.request('POST /v1/api-keys', call), 'not_found')
  })
})

it('A tenant that clears its inbox leaves the mail of other tenants', async () => {
  expect(await testServer.reply('DELETE /v1/inbox', { key: ours.key })).toEqual({ changed: 1 })
  const { data } = await testServer.reply('GET /v1/inbox')
  expect(data.map(({ id }) => id)).toEqual([freeMail, theirMail])
})
