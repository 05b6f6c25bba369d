import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const raw = Buffer.from(
  'From: Ann <ann@example.com>\r\nTo: Bob <bob@example.com>\r\nCc: eve@example.com, bob@example.com\r\n' +
    'Subject: From a file\r\nDate: Thu, 15 Jan 2026 10:30:00 +0000\r\n\r\nGr\xc3\xbc\xdfe\r\n',
  'latin1',
)
const headers = { 'content-type': 'message/rfc822' }
const take = (body: Buffer, more = {}) =>
  testServer.request('POST /v1/inbox/import', { body, headers, ...more })
const open = (id: string) => testServer.reply('GET /v1/inbox/{id}', { params: { id } })

describe('POST /v1/inbox/import', () => {
  it('An import keeps the exact bytes, and its envelope comes from the headers', async () => {
    const { value: answer, events } = await testServer.witness(() => take(raw))
    expect(answer.status).toBe(201)
    const { id, inbox } = answer.body as { id: string; inbox: string }
    expect(inbox).toBe('imports')
    expect(events.map(({ type }) => type)).toContain('captured')
    const message = await open(id)
    expect(message).toMatchObject({
      inbox: 'imports',
      subject: 'From a file',
      envelope: { mail_from: 'ann@example.com', rcpt_to: ['bob@example.com', 'eve@example.com'] },
    })
    const kept = await testServer.request('GET /v1/inbox/{id}/raw', { params: { id } })
    expect(kept.bytes.equals(raw)).toBe(true)
  })

  it('An import goes to the given inbox', async () => {
    const answer = await take(raw, { query: { inbox: 'support' } })
    expect(answer.body).toMatchObject({ inbox: 'support' })
  })

  it('An import captures and never sends, even with a live key', async () => {
    const { key } = await testServer.makeKey({ mode: 'live', permissions: ['inbox:write', 'send'] })
    const { events } = await testServer.witness(() => take(raw, { key }))
    const types = events.map(({ type }) => type)
    expect(types).toContain('captured')
    expect(types).not.toContain('queued')
  })

  it('A file without recipients is imported', async () => {
    const answer = await take(Buffer.from('Subject: A draft\r\n\r\nHello'))
    const { envelope } = await open((answer.body as { id: string }).id)
    expect(envelope).toEqual({ mail_from: '', rcpt_to: ['undisclosed@recipients.invalid'] })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('The import refuses %s', async (_what, bytes) => {
    expect(expectRefusal(await take(bytes), 'invalid_request')).toMatch(/not an email message/)
  })

  it('The import refuses JSON, and other routes refuse a message file', async () => {
    const json = await testServer.request('POST /v1/inbox/import', { body: { raw: 'x' } })
    expect(expectRefusal(json, 'unsupported_media_type')).toMatch(/message\/rfc822/)
    const elsewhere = await testServer.request('POST /v1/inbox/delete', { body: raw, headers })
    expect(expectRefusal(elsewhere, 'unsupported_media_type')).toMatch(/application\/json/)
    const packed = await take(raw, { headers: { ...headers, 'content-encoding': 'gzip' } })
    expectRefusal(packed, 'unsupported_media_type')
  })

  it('The import refuses a file over 25 MiB', async () => {
    const large = Buffer.concat([raw, Buffer.alloc(25 * 1024 * 1024, 'x')])
    expectRefusal(await take(large), 'message_too_large')
  })

  it('The import needs inbox:write', async () => {
    const { key } = await testServer.makeKey({ permissions: ['inbox:read', 'send'] })
    expectRefusal(await take(raw, { key }), 'insufficient_permissions')
  })
})
