import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const { key, id: keyId } = await testServer.makeKey({ permissions: ['send', 'logs:read'] })

async function send(from: string, to: string | string[], subject: string): Promise<string> {
  clock.advance(1000)
  const body = { from, to, subject, text: 'x' }
  return (await testServer.reply('POST /v1/send', { key, body })).id
}

const first = await send('shop@example.com', 'ann@example.com', 'first')
const second = await send(
  'Shop <shop@example.com>',
  ['Bob <bob@example.com>', 'cec@example.com'],
  'second',
)
const third = await send('news_letter@example.com', 'ann@example.com', 'third')

const list = (query = {}) => testServer.reply('GET /v1/emails', { key, query })
const subjects = async (query = {}) => (await list(query)).data.map(({ subject }) => subject)

describe('GET /v1/emails', () => {
  it('Emails are listed newest first, in the documented format', async () => {
    const { data, pagination } = await list()
    expect(pagination).toEqual({ page: 1, limit: 20, total: 3 })
    expect(data.map(({ id }) => id)).toEqual([third, second, first])
    expect(data[1]).toEqual({
      id: second,
      status: 'captured',
      mode: 'test',
      from: 'Shop <shop@example.com>',
      to: ['Bob <bob@example.com>', 'cec@example.com'],
      subject: 'second',
      key_id: keyId,
      created_at: '2026-01-15T10:30:02.000Z',
      delivered_at: null,
    })
  })

  it('Emails are paged by number and by cursor', async () => {
    expect(await subjects({ limit: 2 })).toEqual(['third', 'second'])
    expect(await subjects({ limit: 2, page: 2 })).toEqual(['first'])
    expect(await subjects({ page: 3 })).toEqual([])
    expect(await subjects({ before: third })).toEqual(['second', 'first'])
    expect(await subjects({ after: first })).toEqual(['third', 'second'])
    expect(await subjects({ before: third, after: first })).toEqual(['second'])
  })

  it('Emails are filtered by status, sender and recipient, and the total counts the matches', async () => {
    expect(await subjects({ status: 'captured' })).toHaveLength(3)
    expect(await subjects({ status: 'delivered' })).toEqual([])
    expect(await subjects({ from: 'shop@' })).toEqual(['second', 'first'])
    expect(await subjects({ to: 'cec@example.com' })).toEqual(['second'])
    expect((await list({ to: 'ann@example.com' })).pagination.total).toBe(2)
  })

  it('The characters % and _ in a filter match themselves', async () => {
    expect(await subjects({ from: 'news_letter' })).toEqual(['third'])
    expect(await subjects({ from: 'newsxletter' })).toEqual([])
    expect(await subjects({ from: '%' })).toEqual([])
    expect(await subjects({ from: "' OR 1=1 --" })).toEqual([])
  })

  it.each([
    ['page=0', /“page” must be 1 or more/],
    ['page=x', /“page” must be a number/],
    ['page=1.5', /“page” must be a whole number/],
    ['limit=0', /“limit” must be 1 or more/],
    ['limit=101', /“limit” must be 100 or less/],
    ['status=lost', /“status” must be one of: queued/],
    [`from=${'x'.repeat(255)}`, /“from” may have at most 254 characters/],
    ['page=1&page=2', /“page”/],
  ])('The list refuses %s and names the valid values', async (query, sentence) => {
    const answer = await testServer.ask('GET', `/v1/emails?${query}`, { key })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })
})

describe('GET /v1/emails/{id}', () => {
  it('One email has the status of each recipient', async () => {
    expect(
      await testServer.reply('GET /v1/emails/{id}', { key, params: { id: second } }),
    ).toMatchObject({
      ...(await list()).data[1],
      cc: [],
      deliveries: [],
      tags: [],
      metadata: {},
    })
  })

  it.each([['msg_0000000000000000000000'], ['x'], ['x'.repeat(65)], ['../../etc/passwd'], ['%']])(
    'The id %s gives 404',
    async (id) => {
      expectRefusal(
        await testServer.request('GET /v1/emails/{id}', { key, params: { id } }),
        'not_found',
      )
    },
  )
})
