import { describe, expect, it } from 'vitest'
import { decodePart } from '../../src-main/mime/body.ts'
import { compose, composeAnything, isHeaderName } from '../../src-main/mime/compose.ts'
import { composePlain } from '../../src-main/mime/compose-plain.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { readHeaders, scanHeader } from '../../src-main/mime/header-scan.ts'
import type { OutgoingMessage } from '../../src-main/mime/outgoing-message.ts'

const base: OutgoingMessage = {
  from: { name: 'Ann Ünal', address: 'ann@example.com' },
  to: [{ name: null, address: 'bob@example.org' }],
  subject: 'Grüße 🎉',
  messageId: '<id.1@example.com>',
  date: new Date('2025-07-01T10:00:00Z'),
}

function fieldNames(raw: Buffer): string[] {
  return readHeaders(raw).map(({ name }) => name.toLowerCase())
}

describe('A composed message', () => {
  it('A message contains its fields and bodies, and nothing else', async () => {
    const raw = await compose({
      ...base,
      cc: [{ name: 'Carol, C.', address: 'carol@example.net' }],
      replyTo: [{ name: null, address: 'reply@example.com' }],
      text: 'Hello\nwörld\n.\nFrom here\n',
      headers: { 'X-Tag': 'a', References: '<before@example.com>' },
    })
    expect(scanHeader(raw)).toMatchObject({
      from: base.from,
      to: base.to,
      cc: [{ name: 'Carol, C.', address: 'carol@example.net' }],
      subject: 'Grüße 🎉',
      date: base.date.getTime(),
      messageId: '<id.1@example.com>',
    })
    expect(fieldNames(raw).toSorted()).toEqual(
      [
        'from',
        'to',
        'cc',
        'reply-to',
        'references',
        'subject',
        'date',
        'message-id',
        'mime-version',
        'content-type',
        'content-transfer-encoding',
        'x-tag',
      ].toSorted(),
    )
    const found = digest(raw)
    expect(found.text.trimEnd()).toBe('Hello\nwörld\n.\nFrom here')
    expect(found).toMatchObject({ hasHtml: false, attachments: [] })
  })

  it('Every line of a message ends with CRLF and has at most 998 bytes', async () => {
    const long = 'x'.repeat(5000)
    const raw = await compose({ ...base, text: `a\nb\r\nc\n${long}`, html: `<p>${long}</p>\n` })
    expect(raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const lengths = raw
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(998)
    expect(digest(raw).text).toContain(long)
  })

  it('HTML alone is one part; with text it is an alternative', async () => {
    const alone = digest(await compose({ ...base, html: '<p>Hi</p>' }))
    expect(alone).toMatchObject({ hasText: false, hasHtml: true, text: 'Hi' })
    const both = digest(await compose({ ...base, html: '<p>Hi</p>', text: 'Hey' }))
    expect(both).toMatchObject({ hasText: true, hasHtml: true, text: 'Hey' })
  })

  it('A message without text and HTML is composed', async () => {
    const raw = await compose(base)
    expect(scanHeader(raw).subject).toBe('Grüße 🎉')
    expect(digest(raw).text.trim()).toBe('')
  })

  it('Attachments are unchanged, and inline images keep their Content-ID', async () => {
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256))
    const raw = await compose({
      ...base,
      html: '<img src="cid:logo@x">',
      attachments: [
        { filename: 'נתונים 1.bin', content: bytes },
        { content: bytes, contentType: 'image/png', contentId: 'logo@x' },
        { filename: 'a.txt', content: Buffer.from('one\ntwo\r\nthree'), contentType: 'text/plain' },
        { filename: 'empty.txt', content: Buffer.alloc(0) },
      ],
    })
    const { attachments } = digest(raw)
    const byName = new Map(attachments.map((attachment) => [attachment.filename, attachment]))
    const data = byName.get('נתונים 1.bin') ?? expect.fail('no data')
    expect(decodePart(raw, data).equals(bytes)).toBe(true)
    const logo = byName.get(null) ?? expect.fail('no logo')
    expect(logo).toMatchObject({ inline: true, contentId: 'logo@x', contentType: 'image/png' })
    expect(decodePart(raw, logo).equals(bytes)).toBe(true)
    const text = byName.get('a.txt') ?? expect.fail('no text')
    expect(decodePart(raw, text).toString()).toBe('one\ntwo\r\nthree')
    expect(byName.get('empty.txt')?.sizeBytes).toBe(0)
  })

  it('A composed message never names Bcc recipients', async () => {
    const headers = { Bcc: 'x@example.com', bCC: 'y@example.com', 'Resent-Bcc': 'z@example.com' }
    const raw = await compose({ ...base, text: 'x', headers })
    expect(raw.toString()).not.toMatch(/bcc/i)
  })

  it('Custom headers do not replace fields of the composer', async () => {
    const headers = { From: 'evil@example.com', 'content-type': 'text/html', SUBJECT: 'evil' }
    const raw = await compose({ ...base, text: 'x', headers })
    expect(raw.toString()).not.toMatch(/evil|text\/html/)
  })

  it.each(['\r\n', '\n', '\r', '\r\n\r\n', '\u0000\r\n', '\u2028', '\u0085'])(
    'A value with %j cannot start another field',
    async (lineBreak) => {
      const evil = `x${lineBreak}Injected: yes`
      const raw = await compose({
        ...base,
        from: { name: evil, address: 'ann@example.com' },
        to: [{ name: evil, address: 'bob@example.org' }],
        subject: evil,
        messageId: `<a${lineBreak}Injected: yes@example.com>`,
        text: 'body',
        headers: { 'X-Evil': evil },
        attachments: [
          {
            filename: evil,
            content: Buffer.from('x'),
            contentType: `text/plain${lineBreak}Injected: a`,
          },
          { content: Buffer.from('x'), contentId: evil },
        ],
      })
      expect(raw.toString('latin1')).not.toMatch(/(?:^|[\r\n])Injected:/)
      expect(fieldNames(raw)).not.toContain('injected')
    },
  )

  it.each(['X Y', 'X:Y', 'X\r\nY', '', 'Ünal', 'X\u0000'])(
    'A header named %j is refused',
    async (name) => {
      expect(isHeaderName(name)).toBe(false)
      await expect(compose({ ...base, headers: { [name]: 'v' } })).rejects.toThrow('header')
    },
  )

  it.each(['a@b.c\r\nBcc: x@y.z', 'a@b.c>,<x@y.z', 'a\u0000@b.c'])(
    'The address %j is refused',
    async (address) => {
      await expect(compose({ ...base, to: [{ name: null, address }] })).rejects.toThrow('address')
    },
  )

  it('The composer reads no files and fetches no URLs of the content', async () => {
    const raw = await compose({
      ...base,
      html: '<img src="file:///etc/passwd">',
      text: '/etc/passwd',
    })
    expect(digest(raw).attachments).toEqual([])
    expect(raw.toString()).not.toContain('root:')
  })
})

describe('A plain message', () => {
  const plain: OutgoingMessage = {
    ...base,
    from: { name: 'Ann', address: 'ann@example.com' },
    subject: 'Hi',
  }
  const kinds: [string, Partial<OutgoingMessage>][] = [
    ['text', { text: 'One\nTwo\r\n.\nFrom here\n' }],
    ['html', { html: '<p>One</p>\n<a href="x">two</a>' }],
    ['both', { text: 'One', html: '<p>One</p>' }],
    ['empty text', { text: '' }],
    ['an own header', { text: 'One', headers: { 'X-Campaign': 'spring 1' } }],
    [
      'more people',
      { text: 'One', cc: [{ name: 'Bo Li', address: 'bo@example.org' }], replyTo: [plain.from] },
    ],
  ]

  it.each(kinds)(
    'A plain message parses like one of the complete composer: %s',
    async (_kind, part) => {
      const content = { ...plain, ...part }
      const custom = Object.entries(content.headers ?? {}).map(([key, value]) => ({ key, value }))
      const ours = composePlain(content, custom)
      const theirs = await composeAnything(content, custom)
      if (ours === null) throw new Error('It was not taken as plain')
      const { headerEnd: _ours, ...head } = scanHeader(ours)
      const { headerEnd: _theirs, ...expected } = scanHeader(theirs)
      expect(head).toEqual(expected)
      expect(digest(ours).text.trim()).toBe(digest(theirs).text.trim())
      expect([digest(ours).hasText, digest(ours).hasHtml]).toEqual([
        digest(theirs).hasText,
        digest(theirs).hasHtml,
      ])
      // 7bit is the default of RFC 2045 §6.1, so a composer may omit it.
      const named = (raw: Buffer) =>
        fieldNames(raw)
          .filter((name) => name !== 'content-transfer-encoding')
          .toSorted()
      expect(named(ours)).toEqual(named(theirs))
    },
  )

  const others: [string, Partial<OutgoingMessage>][] = [
    ['letters beyond ASCII in the text', { text: 'Grüße' }],
    ['letters beyond ASCII in the subject', { text: 'a', subject: 'Grüße' }],
    ['a subject that looks encoded', { text: 'a', subject: '=?utf-8?q?x?=' }],
    ['a long subject', { text: 'a', subject: 'x'.repeat(80) }],
    ['a long line', { text: 'x'.repeat(999) }],
    ['a name with a comma', { text: 'a', to: [{ name: 'Li, Bo', address: 'bo@example.org' }] }],
    [
      'many recipients',
      {
        text: 'a',
        to: Array.from({ length: 9 }, () => ({ name: null, address: 'bo@example.org' })),
      },
    ],
    ['an attachment', { text: 'a', attachments: [{ content: Buffer.from('x') }] }],
    ['a control character', { text: 'a\u0000b' }],
    ['a quoted local part', { text: 'a', to: [{ name: null, address: '"a b"@example.org' }] }],
  ]

  it.each(others)('The complete composer composes all other messages: %s', (_kind, part) => {
    expect(composePlain({ ...plain, ...part }, [])).toBeNull()
  })
})
