import { expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const save = (name: string, query: string) =>
  testServer.request('POST /v1/searches', { body: { name, query } })
const names = async () => (await testServer.reply('GET /v1/searches')).data.map(({ name }) => name)

it('A search is saved, renamed, changed and deleted', async () => {
  const { value, events } = await testServer.witness(() => save('Bills', 'tag:billing'))
  expect(value.status).toBe(201)
  expect(events.find(({ type }) => type === 'inbox.changed')?.data).toEqual({ change: 'searches' })
  const { id } = value.body as { id: string }
  const params = { id }
  const renamed = await testServer.reply('PATCH /v1/searches/{id}', {
    params,
    body: { name: 'BILLS' },
  })
  expect(renamed).toMatchObject({ id, name: 'BILLS', query: 'tag:billing' })
  const body = { query: 'is:unread' }
  expect(await testServer.reply('PATCH /v1/searches/{id}', { params, body })).toMatchObject(body)
  await save('Attachments', 'has:attachment')
  expect(await names()).toEqual(['Attachments', 'BILLS'])
  expect(await testServer.reply('DELETE /v1/searches/{id}', { params })).toEqual({
    id,
    deleted: true,
  })
  expect(await names()).toEqual(['Attachments'])
})

it('A taken name, an invalid query and an unknown id are refused', async () => {
  await save('Mine', 'x')
  expectRefusal(await save('mine', 'y'), 'conflict')
  expectRefusal(await save('Broken', 'larger:much y'), 'invalid_parameter')
  expectRefusal(await save('Empty', ' '), 'invalid_parameter')
  const other = (await save('Other', 'x')).body as { id: string }
  const rename = { params: { id: other.id }, body: { name: 'Mine' } }
  expectRefusal(await testServer.request('PATCH /v1/searches/{id}', rename), 'conflict')
  for (const line of ['PATCH /v1/searches/{id}', 'DELETE /v1/searches/{id}'] as const) {
    const call = { params: { id: 'search_none' }, body: {} }
    expectRefusal(await testServer.request(line, call), 'not_found')
  }
})

it('Each tenant has its own saved searches', async () => {
  await testServer.makeTenant('tenant_acme')
  const { key } = await testServer.makeKey({
    tenant_id: 'tenant_acme',
    permissions: ['inbox:read', 'inbox:write'],
  })
  await testServer.reply('POST /v1/searches', { key, body: { name: 'Mine', query: 'theirs' } })
  const { data } = await testServer.reply('GET /v1/searches', { key })
  expect(data.map(({ query }) => query)).toEqual(['theirs'])
  expect((await testServer.reply('GET /v1/searches')).data.map(({ query }) => query)).not.toContain(
    'theirs',
  )
  await testServer.reply('DELETE /v1/tenants/{id}', { params: { id: 'tenant_acme' } })
})
