import { describe, expect, it } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const key = await testServer.makeKey({ permissions: ['send', 'inbox:read'] })
const narrow = await testServer.makeKey({ permissions: ['send'] })

const raw = [
  'From: App <app@example.com>',
  'To: ann@example.com',
  'Subject: Parts',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=outer',
  '',
  '--outer',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hello</p>',
  '--inner--',
  '--outer',
  'Content-Type: application/octet-stream',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="a b.bin"',
  '',
  'AAEC+v8=',
  '--outer--',
  '',
].join('\r\n')

async function deliver(): Promise<string> {
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key.key)
  const { lines } = await conversation.send({ raw })
  return /msg_\w+/.exec(lines[0] ?? '')?.[0] ?? ''
}

const id = await deliver()

describe('GET /v1/inbox/{id}/structure', () => {
  it('The structure lists the parts in order, each multipart before its children', async () => {
    const { data } = await testServer.reply('GET /v1/inbox/{id}/structure', {
      key: key.key,
      params: { id },
    })
    expect(data.map(({ path, content_type }) => [path, content_type])).toEqual([
      ['1', 'multipart/mixed'],
      ['1.1', 'multipart/alternative'],
      ['1.1.1', 'text/plain'],
      ['1.1.2', 'text/html'],
      ['1.2', 'application/octet-stream'],
    ])
    expect(data[2]).toEqual({
      path: '1.1.1',
      content_type: 'text/plain',
      charset: 'utf-8',
      encoding: 'quoted-printable',
      disposition: null,
      filename: null,
      content_id: null,
      size_bytes: 7,
      encoded_bytes: 15,
    })
    expect(data[4]).toMatchObject({
      encoding: 'base64',
      disposition: 'attachment',
      filename: 'a b.bin',
      size_bytes: 5,
      encoded_bytes: 8,
    })
  })

  it('The structure of a simple message is one part', async () => {
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'plain' }
    const sent = await testServer.reply('POST /v1/send', { key: key.key, body })
    const { data } = await testServer.reply('GET /v1/inbox/{id}/structure', {
      params: { id: sent.id },
    })
    expect(data.map(({ content_type }) => content_type)).toEqual(['text/plain'])
  })
})

describe('GET /v1/inbox/{id}/parts/{path}', () => {
  const part = (path: string) =>
    testServer.request('GET /v1/inbox/{id}/parts/{path}', { key: key.key, params: { id, path } })

  it('A part is returned decoded, as a download that the browser does not show', async () => {
    const text = await part('1.1.1')
    expect(text.text).toBe('Grüße')
    expect(text.headers['content-type']).toMatch(/^text\/plain/)
    const file = await part('1.2')
    expect(file.bytes).toEqual(Buffer.from([0, 1, 2, 250, 255]))
    expect(file.headers).toMatchObject({
      'content-disposition': "attachment; filename*=UTF-8''a%20b.bin",
      'x-content-type-options': 'nosniff',
    })
    const html = await part('1.1.2')
    expect(html.text).toBe('<p>Hello</p>')
    expect(html.headers['content-disposition']).toBe("attachment; filename*=UTF-8''part-1.1.2")
  })

  it('A multipart is returned unchanged', async () => {
    expect((await part('1.1')).text).toContain('--inner--')
  })

  it.each(['2', '1.9', '1.1.1.1', '0', '1.', '1.x', '1..1', `1${'.1'.repeat(61)}`])(
    'The path %s is not found',
    async (path) => {
      expectRefusal(await part(path), 'not_found')
    },
  )
})

describe.each([
  ['GET /v1/inbox/{id}/structure', {}],
  ['GET /v1/inbox/{id}/parts/{path}', { path: '1' }],
] as const)('%s', (line, more) => {
  it('An unknown message answers 404', async () => {
    const params = { id: 'msg_0000000000000000000000', ...more }
    expectRefusal(await testServer.request(line, { params }), 'not_found')
  })

  it('The routes of parts need inbox:read', async () => {
    const answer = await testServer.request(line, { key: narrow.key, params: { id, ...more } })
    expectRefusal(answer, 'insufficient_permissions')
  })

  it('The routes of parts need a key', async () => {
    const answer = await testServer.request(line, { key: null, params: { id, ...more } })
    expectRefusal(answer, 'missing_api_key')
  })
})
