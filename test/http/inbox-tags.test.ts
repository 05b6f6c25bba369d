import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()

async function send(tags?: readonly string[]): Promise<string> {
  const { key } = await testServer.makeKey()
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x', tags }
  return (await testServer.reply('POST /v1/send', { key, body })).id
}

const tagsOf = async (id: string) =>
  (await testServer.reply('GET /v1/inbox/{id}', { params: { id } })).tags
const counts = async () =>
  Object.fromEntries(
    (await testServer.reply('GET /v1/tags')).data.map(({ name, total }) => [name, total]),
  )
const found = async (tag: string) =>
  (await testServer.reply('GET /v1/inbox', { query: { query: `tag:"${tag}"` } })).data.map(
    ({ id }) => id,
  )

describe('The tags of a message', () => {
  it('A message has the tags of its sender until other tags are set', async () => {
    const id = await send(['news', 'beta'])
    expect(await tagsOf(id)).toEqual(['news', 'beta'])
    const { value, events } = await testServer.witness(() =>
      testServer.reply('PATCH /v1/inbox/{id}', {
        params: { id },
        body: { tags: ['beta', 'Looked at', 'looked AT'] },
      }),
    )
    expect(value.tags).toEqual(['beta', 'Looked at'])
    expect(events.find(({ type }) => type === 'inbox.changed')?.data).toEqual({
      change: 'tagged',
      ids: [id],
    })
    expect(await found('news')).toEqual([])
    expect(await found('looked at')).toEqual([id])
    expect(await counts()).toEqual({ beta: 1, 'Looked at': 1 })
    await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expect(await counts()).toEqual({})
  })

  it('Tags are added to and removed from many messages', async () => {
    const [one, two] = [await send(['old']), await send()]
    const both = { ids: [one, two] }
    const added = { ...both, add_tags: ['seen'] }
    expect(await testServer.reply('PATCH /v1/inbox', { body: added })).toEqual({ changed: 2 })
    expect(await testServer.reply('PATCH /v1/inbox', { body: added })).toEqual({ changed: 0 })
    expect([await tagsOf(one), await tagsOf(two)]).toEqual([['old', 'seen'], ['seen']])
    expect(await counts()).toEqual({ old: 1, seen: 2 })
    await testServer.reply('PATCH /v1/inbox', { body: { query: 'tag:old', remove_tags: ['SEEN'] } })
    expect([await tagsOf(one), await tagsOf(two)]).toEqual([['old'], ['seen']])
    const detail = await testServer.reply('GET /v1/emails/{id}', { params: { id: two } })
    expect(detail.tags).toEqual(['seen'])
  })

  it.each([
    [{}],
    [{ ids: ['msg_1'] }],
    [{ add_tags: [''] }],
    [{ add_tags: ['x'.repeat(65)] }],
    [{ query: 'before:x y', read: true }],
  ])('PATCH /v1/inbox refuses %j', async (body) => {
    const answer = await testServer.request('PATCH /v1/inbox', { body })
    expect(answer.status).toBe(400)
  })

  it('A message has at most fifty tags', async () => {
    const id = await send(Array.from({ length: 50 }, (_, number) => `t${number}`))
    const body = { ids: [id], add_tags: ['one more'] }
    expectRefusal(await testServer.request('PATCH /v1/inbox', { body }), 'invalid_parameter')
    expect(await tagsOf(id)).toHaveLength(50)
  })

  it('A change of tags of an unknown message is not found', async () => {
    const call = { params: { id: 'msg_none' }, body: { tags: ['x'] } }
    expectRefusal(await testServer.request('PATCH /v1/inbox/{id}', call), 'not_found')
  })
})
