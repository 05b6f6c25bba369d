import { expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const key = await testServer.makeKey({ name: 'Shop tests', inbox: 'shop' })
const other = await testServer.makeKey({ name: 'Other', inbox: 'other' })

async function send(fields: Readonly<Record<string, unknown>>, from = key.key): Promise<string> {
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: '-', ...fields }
  return (await testServer.reply('POST /v1/send', { key: from, body })).id
}

const invoice = await send({
  from: 'Grace Hopper <grace@navy.example>',
  to: 'Ada <ada@example.com>',
  cc: 'Linus <linus@kernel.example>',
  subject: 'Invoice for winter',
  text: 'The amount is 42 euros',
  headers: { 'X-Campaign': 'Winter sale', 'X-Other': 'summer' },
  tags: ['billing', 'two words'],
  attachments: [{ filename: 'march.pdf', content: 'AAAA'.repeat(4000) }],
})
clock.advance(86_400_000)
const hello = await send({
  from: 'Ada <ada@example.com>',
  bcc: 'hidden@example.com',
  subject: 'Hello summer',
  text: 'Nothing about an invoice, Grace',
})
const late = await send({ subject: 'Late', text: 'winter again' }, other.key)
await testServer.reply('PATCH /v1/inbox/{id}', { params: { id: hello }, body: { read: true } })
await testServer.server.idle()

const names = new Map([
  [invoice, 'invoice'],
  [hello, 'hello'],
  [late, 'late'],
])

async function find(query: string): Promise<unknown[]> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { query } })
  return data.map(({ id }) => names.get(id))
}

it.each([
  ['from:grace', ['invoice']],
  ['from:ada@example.com', ['hello']],
  ['to:ada', ['invoice']],
  ['to:linus', ['invoice']],
  ['cc:linus', ['invoice']],
  ['cc:ada', []],
  ['to:hidden', ['hello']],
  ['subject:invoice', ['invoice']],
  ['body:invoice', ['hello']],
  ['body:march', ['invoice']],
  ['has:attachment', ['invoice']],
  ['-has:attachment', ['late', 'hello']],
  ['is:unread', ['late', 'invoice']],
  ['is:read', ['hello']],
  ['tag:billing', ['invoice']],
  ['tag:BILLING', ['invoice']],
  ['tag:"two words"', ['invoice']],
  ['tag:billing tag:"two words"', ['invoice']],
  ['winter tag:billing', ['invoice']],
  ['-tag:billing', ['late', 'hello']],
  ['tag:billing OR is:read', ['hello', 'invoice']],
  ['before:2026-01-16', ['invoice']],
  ['after:2026-01-16', ['late', 'hello']],
  ['after:2026-01-16 before:2026-01-15', []],
  ['larger:10k', ['invoice']],
  ['smaller:10k', ['late', 'hello']],
  ['header:x-campaign', ['invoice']],
  ['header:x-campaign=winter', ['invoice']],
  ['header:x-campaign=sale', ['invoice']],
  ['header:x-campaign=summer', []],
  ['header:"x-campaign=winter sale"', ['invoice']],
  ['header:subject=hello', ['hello']],
  ['inbox:other', ['late']],
  ['key:"shop tests"', ['hello', 'invoice']],
  [`key:${other.id}`, ['late']],
  ['winter', ['late', 'invoice']],
  ['"invoice for"', ['invoice']],
  ['"for invoice"', []],
  ['winter -invoice', ['late']],
  ['invoice OR late', ['late', 'hello', 'invoice']],
  ['invoice from:ada OR from:grace', ['hello', 'invoice']],
  ['from:grace OR is:read', ['hello', 'invoice']],
  ['-winter', ['hello']],
  ['address', []],
  ['', ['late', 'hello', 'invoice']],
])('%s finds %j', async (query, found) => {
  expect(await find(query)).toEqual(found)
  const { count } = await testServer.reply('GET /v1/inbox/count', { query: { query } })
  expect(count).toBe(found.length)
})

it('A search is paged like the list', async () => {
  const query = { query: 'winter', limit: 1 }
  const first = await testServer.reply('GET /v1/inbox', { query })
  expect([first.data.map(({ id }) => id), first.has_more]).toEqual([[late], true])
  const rest = await testServer.reply('GET /v1/inbox', { query: { ...query, before: late } })
  expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[invoice], false])
})

it.each([
  'GET /v1/inbox',
  'GET /v1/inbox/count',
  'DELETE /v1/inbox',
  'GET /v1/inbox/wait',
] as const)('%s explains why a query is invalid', async (line) => {
  const answer = await testServer.request(line, { query: { query: 'before:soon' } })
  expect(expectRefusal(answer, 'invalid_parameter')).toMatch(/“soon” is not a date/)
})

it('A wait supports the operators of a search', async () => {
  const wait = (query: string) =>
    testServer.request('GET /v1/inbox/wait', {
      query: { query, after: '2026-01-01T00:00:00Z', timeout: 0 },
    })
  expect((await wait('tag:billing header:x-campaign=sale')).body).toMatchObject({ id: invoice })
  expect((await wait('tag:billing from:ada')).status).toBe(408)
})

it('Search hits are exported as one mbox file, oldest first', async () => {
  const answer = await testServer.request('POST /v1/inbox/export', { body: { query: 'winter' } })
  expect(answer.status).toBe(200)
  const starts = answer.text.split('\n').filter((line) => line.startsWith('From '))
  expect(starts).toEqual([
    'From grace@navy.example Thu Jan 15 10:30:00 2026',
    'From a@example.com Fri Jan 16 10:30:00 2026',
  ])
  expect(answer.text).toContain('Subject: Invoice for winter')
  const some = await testServer.request('POST /v1/inbox/export', {
    body: { ids: [hello, 'msg_none'] },
  })
  expect(some.text.match(/^From /gm)).toHaveLength(1)
  const refused = await testServer.request('POST /v1/inbox/export', { body: { query: 'is:x y' } })
  expectRefusal(refused, 'invalid_parameter')
})

it('A line of text that looks like an mbox separator is quoted', async () => {
  const id = await send({ text: 'From here on\n>From there' })
  const { text } = await testServer.request('POST /v1/inbox/export', { body: { ids: [id] } })
  expect(text).toContain('\n>From here on')
  expect(text).toContain('\n>>From there')
  await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
})

it('A bulk change marks or deletes all search hits and nothing else', async () => {
  const { value, events } = await testServer.witness(() =>
    testServer.reply('PATCH /v1/inbox', { body: { query: 'winter', read: true } }),
  )
  expect(value).toEqual({ changed: 2 })
  expect(events.filter(({ type }) => type === 'inbox.changed').map(({ data }) => data)).toEqual([
    { change: 'read', part: true },
  ])
  expect(await find('is:unread')).toEqual([])
  const gone = await testServer.reply('DELETE /v1/inbox', {
    query: { query: 'winter', inbox: 'shop' },
  })
  expect(gone).toEqual({ changed: 1 })
  expect(await find('')).toEqual(['late', 'hello'])
})
