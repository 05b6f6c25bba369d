import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const sender = await testServer.makeKey({ permissions: ['send'] })
const mail = { from: 'hello@example.com', to: 'ann@example.com', subject: 'Hello', text: 'Hi Ann' }

const post = (body: unknown, key = sender.key) => testServer.request('POST /v1/send', { key, body })

async function captured(body: unknown) {
  const sent = await testServer.reply('POST /v1/send', { key: sender.key, body })
  return testServer.reply('GET /v1/inbox/{id}', { params: { id: sent.id } })
}

describe('A test send', () => {
  it('A test send gets SelfMX’s documented response, is captured and never sent', async () => {
    const { value: answer, events } = await testServer.witness(() => post(mail))
    expect(answer.status).toBe(202)
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-z]{22}$/),
      status: 'queued',
      created_at: '2026-01-15T10:30:00.000Z',
    })
    const { id } = answer.body as { id: string }
    expect(events).toMatchObject([
      {
        type: 'captured',
        keyId: sender.id,
        messageId: id,
        data: { inbox: 'default', door: 'http', recipients: 1 },
      },
      {
        type: 'request',
        keyId: sender.id,
        data: { route: 'POST /v1/send', status: 202, outcome: 'ok' },
      },
    ])
    expect((await testServer.reply('GET /v1/emails/{id}', { params: { id } })).status).toBe(
      'captured',
    )
  })

  it('A send accepts every documented field', async () => {
    const detail = await captured({
      from: 'Shop <shop@example.com>',
      to: ['Ann <ann@example.com>', 'bob@example.com'],
      cc: 'cec@example.com',
      bcc: ['dan@example.com', 'eve@example.com'],
      reply_to: 'Support <support@example.com>',
      subject: 'Every field',
      html: '<p>Hello</p>',
      text: 'Hello',
      headers: { 'X-Campaign-ID': 'spring', 'List-Unsubscribe': '<mailto:out@example.com>' },
      attachments: [
        {
          filename: 'a.txt',
          content: Buffer.from('one').toString('base64'),
          content_type: 'text/plain',
        },
      ],
      tags: ['welcome'],
      metadata: { user: 42 },
    })
    expect(detail).toMatchObject({
      from: { name: 'Shop', address: 'shop@example.com' },
      to: [
        { name: 'Ann', address: 'ann@example.com' },
        { name: null, address: 'bob@example.com' },
      ],
      cc: [{ name: null, address: 'cec@example.com' }],
      bcc: ['dan@example.com', 'eve@example.com'],
      reply_to: [{ name: 'Support', address: 'support@example.com' }],
      subject: 'Every field',
      has_html: true,
      has_text: true,
      attachment_list: [
        { index: 0, filename: 'a.txt', content_type: 'text/plain', inline: false, size_bytes: 3 },
      ],
    })
    const { id } = detail
    const email = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
    expect(email).toMatchObject({ tags: ['welcome'], metadata: { user: 42 } })
    const { data } = await testServer.reply('GET /v1/inbox/{id}/headers', { params: { id } })
    expect(data).toContainEqual({ name: 'X-Campaign-ID', value: 'spring' })
    expect(data.some(({ name }) => name.toLowerCase() === 'bcc')).toBe(false)
  })

  it.each([
    ['a name and an address', 'Ann <ann@example.com>', ['ann@example.com']],
    [
      'addresses in one text',
      'ann@example.com, bob@example.com',
      ['ann@example.com', 'bob@example.com'],
    ],
    ['the same address twice', ['ann@example.com', 'Ann <ann@example.com>'], ['ann@example.com']],
    ['letters beyond ASCII', 'jürgen@bücher.example', ['jürgen@bücher.example']],
    ['a quoted comma in a name', '"Ann, Bob" <ann@example.com>', ['ann@example.com']],
  ])('A send accepts a recipient written as %s', async (_, to, recipients) => {
    const { envelope } = await captured({ ...mail, to })
    expect(envelope).toEqual({ mail_from: 'hello@example.com', rcpt_to: recipients })
  })

  it('A test send goes to the inbox of its key', async () => {
    const { key } = await testServer.makeKey({ inbox: 'staging' })
    const { id } = await testServer.reply('POST /v1/send', { key, body: mail })
    const { inbox } = await testServer.reply('GET /v1/inbox/{id}', { params: { id } })
    expect(inbox).toBe('staging')
  })

  it('Line breaks in a subject do not become header fields', async () => {
    const { id, envelope } = await captured({
      ...mail,
      subject: 'Hi\r\nBcc: eve@example.com\r\n\r\nx',
    })
    expect(envelope.rcpt_to).toEqual(['ann@example.com'])
    const { data } = await testServer.reply('GET /v1/inbox/{id}/headers', { params: { id } })
    expect(data.map(({ name }) => name)).not.toContain('Bcc')
  })
})

describe('A refused send', () => {
  it.each([
    ['no body at all', undefined, 'invalid_request', /The request needs a body/],
    ['an empty object', {}, 'missing_required', /'from' field is required/],
    ['a list', [], 'invalid_request', /must be an object/],
    ['a text', '"hello"', 'invalid_request', /must be an object/],
    ['no from', { ...mail, from: undefined }, 'missing_required', /'from'/],
    ['no to', { ...mail, to: undefined }, 'missing_required', /The 'to' field is required/],
    ['no subject', { ...mail, subject: undefined }, 'missing_required', /subject/],
    ['no content', { ...mail, text: undefined }, 'missing_required', /html.*text/],
    ['empty content', { ...mail, text: '' }, 'missing_required', /html.*text/],
    ['from as a number', { ...mail, from: 1 }, 'invalid_parameter', /“from” must be a string/],
    [
      'to as a number',
      { ...mail, to: 1 },
      'invalid_parameter',
      /“to” must be a string or an array/,
    ],
    ['to as an empty list', { ...mail, to: [] }, 'invalid_parameter', /at least 1 entry/],
    ['to with a number in it', { ...mail, to: ['a@example.com', 7] }, 'invalid_parameter', /“to”/],
    [
      'subject as a list',
      { ...mail, subject: ['x'] },
      'invalid_parameter',
      /“subject” must be a string/,
    ],
    [
      'subject of 999 characters',
      { ...mail, subject: 'x'.repeat(999) },
      'invalid_parameter',
      /998/,
    ],
    ['html as an object', { ...mail, html: {} }, 'invalid_parameter', /“html” must be a string/],
    ['text as null', { ...mail, text: null }, 'invalid_parameter', /“text” must be a string/],
    ['headers as a list', { ...mail, headers: [] }, 'invalid_parameter', /“headers”/],
    [
      'a header value as a number',
      { ...mail, headers: { A: 1 } },
      'invalid_parameter',
      /“headers.A” must be a string/,
    ],
    [
      'a header name with a colon',
      { ...mail, headers: { 'A:B': 'x' } },
      'invalid_parameter',
      /header name/,
    ],
    [
      'a header with a line break',
      { ...mail, headers: { A: 'x\r\nBcc: e@example.com' } },
      'invalid_parameter',
      /line breaks/,
    ],
    [
      'a header that is ours to set',
      { ...mail, headers: { bcc: 'x@example.com' } },
      'invalid_parameter',
      /set by MailSage/,
    ],
    [
      'an attachment that is not base64',
      { ...mail, attachments: [{ content: 'ü' }] },
      'invalid_parameter',
      /base64/,
    ],
    [
      'an attachment without content',
      { ...mail, attachments: [{}] },
      'missing_required',
      /attachments.0.content/,
    ],
    [
      'attachments as an object',
      { ...mail, attachments: {} },
      'invalid_parameter',
      /“attachments” must be an array/,
    ],
    [
      '101 attachments',
      { ...mail, attachments: Array(101).fill({ content: '' }) },
      'invalid_parameter',
      /at most 100 entries/,
    ],
    ['tags as a text', { ...mail, tags: 'x' }, 'invalid_parameter', /“tags” must be an array/],
    [
      'metadata as a list',
      { ...mail, metadata: [] },
      'invalid_parameter',
      /“metadata” must be an object/,
    ],
    ['a sender without a domain', { ...mail, from: 'hello' }, 'invalid_sender', /“from”.*hello/],
    [
      'two senders',
      { ...mail, from: 'a@example.com, b@example.com' },
      'invalid_sender',
      /one email address/,
    ],
    ['a recipient without a domain', { ...mail, to: 'ann@' }, 'invalid_recipient', /“to”.*ann@/],
    [
      'one wrong recipient among many',
      { ...mail, cc: ['a@example.com', 'b@@'] },
      'invalid_recipient',
      /“cc”/,
    ],
    ['an empty recipient', { ...mail, to: '' }, 'invalid_recipient', /“to”/],
    ['a reply address that is none', { ...mail, reply_to: 'x' }, 'invalid_recipient', /“reply_to”/],
    [
      '1,001 recipients',
      { ...mail, to: Array.from({ length: 1001 }, (_, n) => `u${n}@example.com`) },
      'invalid_parameter',
      /1000/,
    ],
    [
      '1,001 recipients over to and cc',
      { ...mail, cc: Array.from({ length: 1000 }, (_, n) => `u${n}@example.com`) },
      'too_many_recipients',
      /1000/,
    ],
    [
      'a template that is not there',
      { ...mail, template_id: 'welcome' },
      'template_not_found',
      /welcome/,
    ],
  ] as const)('A send with %s is refused and stores nothing', async (_, body, code, sentence) => {
    const { value: answer, events } = await testServer.witness(() => post(body))
    expect(expectRefusal(answer, code)).toMatch(sentence)
    expect(events).toMatchObject([{ type: 'request', keyId: sender.id, data: { fault: code } }])
  })

  it('A header that MailSage writes itself is refused by name, whatever its case', async () => {
    for (const name of ['Content-ID', 'resent-bcc', 'MIME-Version', 'DKIM-Signature', 'reply-to']) {
      const answer = await post({ ...mail, headers: { [name]: 'x@example.com' } })
      expectRefusal(answer, 'invalid_parameter')
      expect(answer.text).toContain(name)
    }
  })

  it('A send with a sender that the key may not use is refused', async () => {
    const { key } = await testServer.makeKey({ allowed_senders: ['example.org', 'me@example.net'] })
    expect(expectRefusal(await post(mail, key), 'sender_not_allowed')).toContain('example.org')
    for (const from of ['any@example.org', 'Me <ME@example.net>']) {
      expect((await post({ ...mail, from }, key)).status).toBe(202)
    }
    expectRefusal(await post({ ...mail, from: 'a@sub.example.org' }, key), 'sender_not_allowed')
  })

  it('A message over 25 MiB is refused', async () => {
    const content = Buffer.alloc(26 * 1024 * 1024).toString('base64')
    const answer = await post({ ...mail, attachments: [{ filename: 'big.bin', content }] })
    expect(expectRefusal(answer, 'message_too_large')).toMatch(/3\d\.\d MiB; the maximum is 25 MiB/)
  })

  it('A live message without a relay is refused', async () => {
    const live = await testServer.makeKey({ mode: 'live' })
    const before = await testServer.reply('GET /v1/emails')
    const { value: answer, events } = await testServer.witness(() => post(mail, live.key))
    expect(expectRefusal(answer, 'relay_not_configured')).toContain('relay')
    expect(events.map(({ type }) => type)).toEqual(['request'])
    expect((await testServer.reply('GET /v1/emails')).pagination).toEqual(before.pagination)
  })

  it('Mail over the daily quota is refused until midnight UTC', async () => {
    const { key } = await testServer.makeKey({ rate_limit: { emails_per_day: 2 } })
    await post(mail, key)
    await post(mail, key)
    const answer = await post(mail, key)
    expect(expectRefusal(answer, 'daily_limit_exceeded')).toContain('2 emails a day')
    // 10:30 UTC on the test clock.
    expect(answer.headers['retry-after']).toBe(String(13.5 * 3600))
    expect(answer.headers['x-ratelimit-remaining']).toBe('10000')
    clock.advance(13.5 * 3_600_000)
    expect((await post(mail, key)).status).toBe(202)
  })
})

it('Refused mail does not count against the daily quota', async () => {
  const { key } = await testServer.makeKey({ rate_limit: { emails_per_day: 1 } })
  await post({ ...mail, to: 'nobody' }, key)
  expect((await post(mail, key)).status).toBe(202)
})
