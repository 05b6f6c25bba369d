import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
const valid = { url: 'https://hooks.example.com/mail', events: ['delivered', 'bounced'] }
const create = (body: unknown) => testServer.request('POST /v1/webhooks', { body })
const make = (change: object = {}) =>
  testServer.reply('POST /v1/webhooks', { body: { ...valid, ...change } })
const get = (id: string) => testServer.reply('GET /v1/webhooks/{id}', { params: { id } })
const update = (id: string, body: unknown) =>
  testServer.reply('PUT /v1/webhooks/{id}', { params: { id }, body })
const remove = (id: string) => testServer.request('DELETE /v1/webhooks/{id}', { params: { id } })

/** All database files of the data folder, as bytes. */
function isOnDisk(text: string): boolean {
  return ['mailsage.db', 'mailsage.db-wal'].some((file) =>
    readFileSync(join(testServer.folder, file)).includes(text),
  )
}

describe('Webhooks', () => {
  it('A webhook gets a generated secret, which only the creating response shows', async () => {
    const { value: answer, events } = await testServer.witness(() => create(valid))
    expect(answer.status).toBe(201)
    const { secret, ...made } = answer.body as { id: string; secret: string }
    expect(made).toEqual({
      id: expect.stringMatching(/^wh_[0-9a-z]{22}$/),
      ...valid,
      active: true,
      tenant_id: null,
      mode: 'live',
      failures: 0,
      disabled_at: null,
      problem: null,
      created_at: '2026-01-15T10:30:00.000Z',
    })
    expect(secret).toMatch(/^whsec_[0-9A-Za-z]{32}$/)
    expect(await get(made.id)).toEqual(made)
    expect(JSON.stringify(await testServer.reply('GET /v1/webhooks'))).not.toContain(secret)
    expect(events).toMatchObject([
      { type: 'webhook.created', data: { webhook: made.id, by: 'key_console' } },
    ])
    expect(isOnDisk(secret)).toBe(false)
    expect(isOnDisk(made.id)).toBe(true)
    await remove(made.id)
  })

  it('The caller’s own secret is never shown or stored unencrypted', async () => {
    const answer = await create({ ...valid, secret: 'the caller’s own secret' })
    expect(answer.status).toBe(201)
    expect(answer.text).not.toContain('secret')
    expect(isOnDisk('the caller’s own secret')).toBe(false)
    await remove((answer.body as { id: string }).id)
  })

  it('Webhooks are listed newest first, in pages', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.unshift((await make()).id)
    const page = (query: object) => testServer.reply('GET /v1/webhooks', { query: { ...query } })
    const all = await page({})
    expect(all.data.map(({ id }) => id)).toEqual(ids)
    expect(all.pagination).toEqual({ page: 1, limit: 20, total: 5 })
    const second = await page({ page: 2, limit: 2 })
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
    expect(second.pagination).toEqual({ page: 2, limit: 2, total: 5 })
    expect((await page({ page: 9 })).data).toEqual([])
    const wrong = await testServer.request('GET /v1/webhooks', { query: { limit: 101 } })
    expect(expectRefusal(wrong, 'invalid_parameter')).toMatch(/“limit” must be 100 or less/)
    for (const id of ids) await remove(id)
  })

  it('A webhook is changed field by field', async () => {
    const { id, secret: _secret, ...made } = await make()
    const { value, events } = await testServer.witness(() => update(id, { events: ['failed'] }))
    expect(value).toEqual({ id, ...made, events: ['failed'] })
    expect(events).toMatchObject([{ type: 'webhook.updated', data: { webhook: id } }])
    expect(await update(id, { url: 'https://other.example.com/' })).toMatchObject({
      url: 'https://other.example.com/',
      events: ['failed'],
    })
    expect(await update(id, { active: false })).toMatchObject({ active: false })
    expect(await update(id, { secret: 'another secret' })).not.toHaveProperty('secret')
    expect(await update(id, { secret: null })).toHaveProperty('secret')
    expect(await update(id, {})).toEqual(await get(id))
    await remove(id)
  })

  it('A webhook stores each event once', async () => {
    const { id, events } = await make({ events: ['bounced', 'bounced', 'opened'] })
    expect(events).toEqual(['bounced', 'opened'])
    await remove(id)
  })

  it('A webhook is deleted once, with its secret', async () => {
    const { id } = await make()
    const { value: answer, events } = await testServer.witness(() => remove(id))
    expect(answer.body).toEqual({ id, deleted: true })
    expect(events).toMatchObject([{ type: 'webhook.deleted', data: { webhook: id } }])
    expectRefusal(await remove(id), 'not_found')
    expect((await testServer.reply('GET /v1/webhooks')).data).toEqual([])
  })

  it.each([
    ['no address', { events: ['sending'] }, 'missing_required', /'url'/],
    ['no events', { url: valid.url }, 'missing_required', /'events'/],
    ['an empty list of events', { ...valid, events: [] }, 'invalid_parameter', /at least 1/],
    [
      'an unknown event',
      { ...valid, events: ['email.sent'] },
      'invalid_parameter',
      /“events.0” must be one of: queued, sending, delivered/,
    ],
    ['events as a text', { ...valid, events: 'sending' }, 'invalid_parameter', /must be an array/],
    ['a word as address', { ...valid, url: 'hooks' }, 'invalid_parameter', /is not a URL/],
    ['a path as address', { ...valid, url: '/hooks' }, 'invalid_parameter', /is not a URL/],
    ['an FTP address', { ...valid, url: 'ftp://example.com/' }, 'invalid_parameter', /https:/],
    ['a file', { ...valid, url: 'file:///etc/passwd' }, 'invalid_parameter', /https:/],
    [
      'a password in the address',
      { ...valid, url: 'https://me:pw@example.com/' },
      'invalid_parameter',
      /may not contain a user name/,
    ],
    [
      'a fragment',
      { ...valid, url: 'https://example.com/#part' },
      'invalid_parameter',
      /may not have a fragment/,
    ],
    [
      'a long address',
      { ...valid, url: `https://x.example/${'x'.repeat(2040)}` },
      'invalid_parameter',
      /2048/,
    ],
    ['a short secret', { ...valid, secret: 'short' }, 'invalid_parameter', /at least 8/],
    ['a long secret', { ...valid, secret: 'x'.repeat(257) }, 'invalid_parameter', /at most 256/],
    ['a number as “active”', { ...valid, active: 1 }, 'invalid_parameter', /“active”/],
  ] as const)('A webhook with %s is refused', async (_, body, code, sentence) => {
    expect(expectRefusal(await create(body), code)).toMatch(sentence)
  })

  it('A refused change leaves the webhook unchanged', async () => {
    const { id, secret: _secret, ...made } = await make()
    const change = (body: unknown) =>
      testServer.request('PUT /v1/webhooks/{id}', { params: { id }, body })
    expectRefusal(await change({ active: false, url: 'http://10.0.0.1/' }), 'invalid_parameter')
    expectRefusal(await change({ events: [] }), 'invalid_parameter')
    expect(await get(id)).toEqual({ id, ...made })
    await remove(id)
  })

  it('A tenant may have 50 webhooks, not 51', async () => {
    const ids: string[] = []
    for (let count = 0; count < 50; count++) ids.push((await make({ active: false })).id)
    expect(expectRefusal(await create(valid), 'conflict')).toMatch(/limit of 50 webhooks/)
    for (const id of ids) await remove(id)
    await remove((await make()).id)
  })

  it.each([
    ['GET /v1/webhooks/{id}', undefined],
    ['PUT /v1/webhooks/{id}', { active: true }],
    ['DELETE /v1/webhooks/{id}', undefined],
    ['GET /v1/webhooks/{id}/logs', undefined],
    ['POST /v1/webhooks/{id}/test', {}],
    ['POST /v1/webhooks/{id}/logs/{log}/replay', undefined],
  ] as const)('%s answers 404 for an unknown webhook', async (line, body) => {
    for (const id of ['wh_1', 'x', '1', '%00', '..']) {
      const call = { params: { id, log: 'wlog_1' }, ...(body ? { body } : {}) }
      expectRefusal(await testServer.request(line, call), 'not_found')
    }
  })
})

describe('A key', () => {
  const lines = [
    ['GET /v1/webhooks', 'webhooks:read', undefined],
    ['POST /v1/webhooks', 'webhooks:write', { ...valid, active: false }],
    ['GET /v1/webhooks/{id}', 'webhooks:read', undefined],
    ['PUT /v1/webhooks/{id}', 'webhooks:write', {}],
    ['DELETE /v1/webhooks/{id}', 'webhooks:write', undefined],
    ['GET /v1/webhooks/{id}/logs', 'webhooks:read', undefined],
    ['POST /v1/webhooks/{id}/test', 'webhooks:write', {}],
    ['POST /v1/webhooks/{id}/logs/{log}/replay', 'webhooks:write', undefined],
  ] as const

  it.each(lines)('A key needs the right permission for %s', async (line, permission, body) => {
    const other = permission === 'webhooks:read' ? 'webhooks:write' : 'webhooks:read'
    const call = { params: { id: 'wh_1', log: 'wlog_1' }, ...(body ? { body } : {}) }
    const without = await testServer.makeKey({ permissions: [other, 'send', 'logs:read'] })
    const refused = await testServer.request(line, { ...call, key: without.key })
    expect(expectRefusal(refused, 'insufficient_permissions')).toContain(permission)
    const holder = await testServer.makeKey({ permissions: [permission] })
    const answer = await testServer.request(line, { ...call, key: holder.key })
    expect([200, 201, 404]).toContain(answer.status)
    if (answer.status === 201) await remove((answer.body as { id: string }).id)
    expectRefusal(await testServer.request(line, { ...call, key: null }), 'missing_api_key')
    expectRefusal(await testServer.request(line, { ...call, key: 'ms_test_x' }), 'invalid_api_key')
  })

  it('A key with MailSage’s webhook_management may use all webhook routes', async () => {
    const { key } = await testServer.makeKey({ permissions: ['webhook_management'] })
    const { id } = await testServer.reply('POST /v1/webhooks', { key, body: valid })
    expect((await testServer.reply('GET /v1/webhooks', { key })).data).toHaveLength(1)
    await testServer.reply('DELETE /v1/webhooks/{id}', { key, params: { id } })
  })
})
