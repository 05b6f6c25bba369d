import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()

const inner = [
  'From: Ann <ann@example.com>',
  'To: bob@example.com',
  'Subject: =?utf-8?q?Caf=C3=A9?=',
  'Date: Tue, 9 Apr 2019 07:15:00 +0000',
  'Content-Type: multipart/mixed; boundary=in',
  '',
  '--in',
  'Content-Type: text/html',
  '',
  '<p>inside</p>',
  '--in',
  'Content-Type: message/rfc822',
  '',
  'Subject: deeper',
  '',
  'core',
  '--in--',
].join('\r\n')

async function importAround(...part: string[]): Promise<string> {
  const lines = ['Subject: Fwd', 'Content-Type: multipart/mixed; boundary=out', '', '--out']
  const raw = [...lines, '', 'see below', '--out', ...part, '--out--'].join('\r\n')
  const { id } = await testServer.reply('POST /v1/inbox/import', {
    body: Buffer.from(raw),
    headers: { 'content-type': 'message/rfc822' },
  })
  return id
}

const read = (id: string, n = 0) =>
  testServer.request('GET /v1/inbox/{id}/attachments/{n}/message', { params: { id, n } })

describe('GET /v1/inbox/{id}/attachments/{n}/message', () => {
  it.each([
    ['as it is', ['Content-Type: message/rfc822', '', inner]],
    [
      'in base64',
      [
        'Content-Type: message/global',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(inner).toString('base64'),
      ],
    ],
  ])('An attached message %s is read like a message of its own', async (_, part) => {
    const { body } = await read(await importAround(...part))
    expect(body).toMatchObject({
      from: { name: 'Ann', address: 'ann@example.com' },
      to: [{ name: null, address: 'bob@example.com' }],
      subject: 'Café',
      date: '2019-04-09T07:15:00.000Z',
      text: 'inside',
      html: '<p>inside</p>',
      has_html: true,
      attachment_list: [{ index: 0, content_type: 'message/rfc822' }],
    })
  })

  it('The attached message is downloaded with its exact bytes as an .eml file', async () => {
    const id = await importAround('Content-Type: message/rfc822', '', inner)
    const file = await testServer.request('GET /v1/inbox/{id}/attachments/{n}', {
      params: { id, n: 0 },
    })
    expect(file.text).toBe(inner)
    expect(file.headers['content-disposition']).toContain('attachment-0.eml')
  })

  it('An attachment that is not a message, or does not exist, is refused', async () => {
    const id = await importAround('Content-Type: image/png', '', 'x')
    const answer = await read(id)
    expect(answer.status).toBe(404)
    expect(answer.text).toContain('Attachment 0 is image/png, not a message.')
    expect((await read(id, 1)).status).toBe(404)
  })
})
