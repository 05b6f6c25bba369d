import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const key = await testServer.makeKey({
  permissions: ['send', 'inbox:read', 'inbox:write'],
  inbox: 'shop',
})
const other = await testServer.makeKey({ inbox: 'other' })

async function send(fields: Readonly<Record<string, unknown>>, from = key.key): Promise<string> {
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', ...fields }
  return (await testServer.reply('POST /v1/send', { key: from, body })).id
}

/** Waits until all sent messages are indexed. */
const indexed = () => testServer.server.idle()
const list = (query = {}) => testServer.reply('GET /v1/inbox', { key: key.key, query })
const ids = async (query = {}) => (await list(query)).data.map(({ id }) => id)

async function clear(): Promise<void> {
  await testServer.reply('DELETE /v1/inbox')
}

describe('GET /v1/inbox', () => {
  it('The inbox is listed newest first, with the counts of the whole inbox', async () => {
    await clear()
    const first = await send({ subject: 'first', html: '<p>Some <b>text</b></p>' })
    const second = await send({ subject: 'second', text: 'two' })
    await send({ text: 'elsewhere' }, other.key)
    await indexed()
    const page = await list({ inbox: 'shop' })
    expect(page.counts).toEqual({ total: 2, unread: 2 })
    expect(page.has_more).toBe(false)
    expect(page.data.map(({ id }) => id)).toEqual([second, first])
    expect(page.data[1]).toEqual({
      id: first,
      inbox: 'shop',
      from: { name: null, address: 'a@example.com' },
      to: [{ name: null, address: 'b@example.com' }],
      subject: 'first',
      snippet: 'Some text',
      received_at: '2026-01-15T10:30:00.000Z',
      size_bytes: expect.any(Number),
      attachments: 0,
      read: false,
      key_id: key.id,
      door: 'http',
      tags: [],
    })
    expect((await list()).counts).toEqual({ total: 3, unread: 3 })
  })

  it('The inbox is paged by cursor, and each page says whether more follow', async () => {
    await clear()
    const sent: string[] = []
    for (let number = 0; number < 5; number++) sent.unshift(await send({ text: `n${number}` }))
    const page = await list({ limit: 2 })
    expect([page.data.map(({ id }) => id), page.has_more]).toEqual([sent.slice(0, 2), true])
    expect(await ids({ before: sent[1], limit: 2 })).toEqual(sent.slice(2, 4))
    expect(await ids({ before: sent[3] })).toEqual(sent.slice(4))
    expect(await ids({ after: sent[3] })).toEqual(sent.slice(0, 3))
    expect(await ids({ before: 'msg_nothere' })).toEqual([])
  })

  it('A search finds words in subject, addresses, text, HTML and attachment names', async () => {
    await clear()
    const invoice = await send({
      subject: 'Rechnung für März',
      to: 'zoe@example.net',
      html: '<p>Amount: <b>42 euros</b></p>',
      attachments: [{ filename: 'invoice-march.pdf', content: 'JVBERg==' }],
    })
    const hello = await send({ subject: 'Hello', text: 'nothing of the kind' })
    await indexed()
    const finds = (query: string) => ids({ query })
    expect(await finds('rechnung')).toEqual([invoice])
    expect(await finds('marz')).toEqual([invoice])
    expect(await finds('zoe')).toEqual([invoice])
    expect(await finds('42 euros')).toEqual([invoice])
    expect(await finds('invoice-march')).toEqual([invoice])
    expect(await finds('eur')).toEqual([invoice])
    expect(await finds('euros nothing')).toEqual([])
    expect(await finds('a@example.com')).toEqual([hello, invoice])
  })

  it.each([
    '"',
    '*',
    'a" OR "b',
    'NEAR(a b)',
    'subject:x',
    '-',
    '^',
    "'; DROP TABLE messages",
    '😀',
  ])('The query %s is read as words, never as FTS5 syntax', async (query) => {
    expect((await testServer.request('GET /v1/inbox', { query: { query } })).status).toBe(200)
  })

  it('The list is filtered by unread', async () => {
    await clear()
    const read = await send({ text: 'x' })
    const unread = await send({ text: 'x' })
    await testServer.reply('PATCH /v1/inbox/{id}', { params: { id: read }, body: { read: true } })
    expect(await ids({ unread: 'true' })).toEqual([unread])
    expect(await ids({ unread: '0' })).toEqual([read])
  })

  it.each([
    ['limit=0', /“limit”/],
    ['limit=101', /“limit”/],
    ['unread=maybe', /“unread” must be one of: .*true/],
    ['inbox=a%2Fb', /“inbox” must be letters/],
    [`query=${'x'.repeat(501)}`, /“query” may have at most 500/],
  ])('The list refuses %s', async (query, sentence) => {
    const answer = await testServer.ask('GET', `/v1/inbox?${query}`)
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('All inboxes are listed', async () => {
    await clear()
    await send({ text: 'x' })
    await send({ text: 'x' }, other.key)
    const { data } = await testServer.reply('GET /v1/inboxes')
    expect(data.filter(({ total }) => total > 0)).toEqual([
      { name: 'other', total: 1, unread: 1 },
      { name: 'shop', total: 1, unread: 1 },
    ])
  })
})

describe('One message', () => {
  it('A message is returned as raw bytes, text, HTML, headers and attachments', async () => {
    const bytes = Buffer.from([0, 1, 2, 250, 255])
    const id = await send({
      subject: 'Grüße',
      html: '<p>Hallo</p>',
      attachments: [
        {
          filename: 'ä b.bin',
          content: bytes.toString('base64'),
          content_type: 'application/x-thing',
        },
      ],
    })
    const params = { id }
    const raw = await testServer.request('GET /v1/inbox/{id}/raw', { params })
    expect(raw.headers['content-type']).toBe('message/rfc822')
    expect(raw.headers['content-disposition']).toBe(`attachment; filename="${id}.eml"`)
    expect(raw.bytes.length).toBe(
      (await testServer.reply('GET /v1/inbox/{id}', { params })).size_bytes,
    )
    const html = await testServer.request('GET /v1/inbox/{id}/html', { params })
    expect(html.text.trim()).toBe('<p>Hallo</p>')
    expect(html.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect((await testServer.reply('GET /v1/inbox/{id}/text', { params })).trim()).toBe('Hallo')
    const { data } = await testServer.reply('GET /v1/inbox/{id}/headers', { params })
    expect(data).toContainEqual({ name: 'Subject', value: 'Grüße' })
    const attachment = await testServer.request('GET /v1/inbox/{id}/attachments/{n}', {
      params: { id, n: 0 },
    })
    expect(attachment.bytes).toEqual(bytes)
    expect(attachment.headers).toMatchObject({
      'content-type': 'application/x-thing',
      'content-disposition': "attachment; filename*=UTF-8''%C3%A4%20b.bin",
      'x-content-type-options': 'nosniff',
    })
  })

  it('A missing HTML part and a missing attachment are reported', async () => {
    const id = await send({ text: 'plain' })
    expectRefusal(
      await testServer.request('GET /v1/inbox/{id}/html', { params: { id } }),
      'not_found',
    )
    const call = { params: { id }, body: {} }
    expectRefusal(await testServer.request('POST /v1/inbox/{id}/view', call), 'not_found')
    for (const n of ['0', '99', 'x', '-1', '1e99']) {
      const answer = await testServer.request('GET /v1/inbox/{id}/attachments/{n}', {
        params: { id, n },
      })
      expectRefusal(answer, 'not_found')
    }
  })

  it('A message is marked as read, with a new count and an event', async () => {
    await clear()
    const id = await send({ text: 'x' })
    const mark = (read: boolean) =>
      testServer.reply('PATCH /v1/inbox/{id}', { key: key.key, params: { id }, body: { read } })
    const { value: marked, events } = await testServer.witness(() => mark(true))
    expect(marked.read).toBe(true)
    expect((await list()).counts).toEqual({ total: 1, unread: 0 })
    expect(events).toMatchObject([
      { type: 'inbox.changed', data: { change: 'read', ids: [id] } },
      { type: 'request', keyId: key.id, data: { status: 200 } },
    ])
    expect((await mark(false)).read).toBe(false)
    expect((await list()).counts).toEqual({ total: 1, unread: 1 })
  })

  it('A deleted message is neither listed, found nor readable', async () => {
    await clear()
    const id = await send({ subject: 'unmistakable', text: 'x' })
    await indexed()
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request('DELETE /v1/inbox/{id}', { params: { id } }),
    )
    expect(answer.body).toEqual({ id, deleted: true })
    expect(events).toMatchObject([
      { type: 'inbox.changed', data: { change: 'deleted', ids: [id] } },
    ])
    expect(await list({ query: 'unmistakable' })).toMatchObject({ data: [], counts: { total: 0 } })
    expectRefusal(
      await testServer.request('GET /v1/inbox/{id}/raw', { params: { id } }),
      'not_found',
    )
  })

  it.each([
    ['GET /v1/inbox/{id}', undefined],
    ['PATCH /v1/inbox/{id}', { read: true }],
    ['DELETE /v1/inbox/{id}', undefined],
    ['GET /v1/inbox/{id}/raw', undefined],
    ['GET /v1/inbox/{id}/html', undefined],
    ['GET /v1/inbox/{id}/text', undefined],
    ['GET /v1/inbox/{id}/headers', undefined],
    ['GET /v1/inbox/{id}/attachments/{n}', undefined],
    ['POST /v1/inbox/{id}/view', {}],
  ] as const)('%s answers 404 for an unknown message', async (line, body) => {
    const params = { id: 'msg_0000000000000000000000', n: 0 }
    expectRefusal(
      await testServer.request(line, { params, ...(body ? { body } : {}) }),
      'not_found',
    )
  })

  it.each([
    [{}, 'invalid_request'],
    [{ read: 'yes' }, 'invalid_parameter'],
    [{ read: null }, 'invalid_parameter'],
  ] as const)('The change %j is refused', async (body, code) => {
    const params = { id: 'msg_0000000000000000000000' }
    expectRefusal(await testServer.request('PATCH /v1/inbox/{id}', { params, body }), code)
  })
})

describe('Many messages', () => {
  it('Messages are marked by id, by inbox, or all', async () => {
    await clear()
    const [one, two] = [await send({ text: '1' }), await send({ text: '2' })]
    await send({ text: '3' }, other.key)
    const mark = (body: unknown) => testServer.reply('PATCH /v1/inbox', { body })
    const unread = async () => (await list()).counts.unread
    expect(await mark({ ids: [one, 'msg_nothere'], read: true })).toEqual({ changed: 1 })
    expect(await unread()).toBe(2)
    expect((await mark({ inbox: 'other', read: true })).changed).toBe(1)
    expect(await ids({ unread: true })).toEqual([two])
    await mark({ read: false })
    expect(await unread()).toBe(3)
  })

  it('Messages are deleted by id, by inbox, or all', async () => {
    await clear()
    const [one, two] = [await send({ text: '1' }), await send({ text: '2' })]
    await send({ text: '3' }, other.key)
    const remove = (body: unknown) => testServer.reply('POST /v1/inbox/delete', { body })
    expect(await remove({ ids: [one, one, 'msg_nothere'] })).toEqual({ changed: 1 })
    expect(await ids({ inbox: 'shop' })).toEqual([two])
    expect(await testServer.reply('DELETE /v1/inbox', { query: { inbox: 'shop' } })).toEqual({
      changed: 1,
    })
    expect((await list()).counts.total).toBe(1)
    expect(await testServer.reply('DELETE /v1/inbox')).toEqual({ changed: 1 })
  })

  it.each([
    ['PATCH /v1/inbox', {}, 'invalid_request'],
    ['PATCH /v1/inbox', { read: true, ids: [] }, 'invalid_parameter'],
    ['PATCH /v1/inbox', { read: true, ids: 'msg_1' }, 'invalid_parameter'],
    ['PATCH /v1/inbox', { read: true, inbox: '..' }, 'invalid_parameter'],
    ['POST /v1/inbox/delete', {}, 'missing_required'],
    ['POST /v1/inbox/delete', { ids: [] }, 'invalid_parameter'],
    ['POST /v1/inbox/delete', { ids: [1] }, 'invalid_parameter'],
    ['POST /v1/inbox/delete', { ids: Array(1001).fill('x') }, 'invalid_parameter'],
  ] as const)('%s refuses %j', async (line, body, code) => {
    expectRefusal(await testServer.request(line, { body }), code)
  })

  it('A clear leaves the messages that arrive after it', async () => {
    await clear()
    for (let number = 0; number < 30; number++) await send({ text: 'old' })
    const cleared = testServer.reply('DELETE /v1/inbox')
    const late: string[] = []
    for (let number = 0; number < 10; number++) late.unshift(await send({ text: 'new' }))
    const { changed } = await cleared
    const left = await ids({ limit: 100 })
    expect(changed + left.length).toBe(40)
    expect(late.slice(0, left.length)).toEqual(left)
    expect((await list()).counts.total).toBe(left.length)
  })
})
