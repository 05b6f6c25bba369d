import { describe, expect, it, vi } from 'vitest'
import { parseAddresses } from '../../src-main/mime/addresses.ts'
import { parseDate } from '../../src-main/mime/dates.ts'
import { decodeWords } from '../../src-main/mime/encoded-words.ts'
import { readHeaders, scanHeader } from '../../src-main/mime/header-scan.ts'
import { message, processorMs } from '../fixtures/mail/fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('The header block', () => {
  it.each([
    ['ends at an empty line', 'A: 1\r\nB: 2\r\n\r\nbody', 14],
    ['ends at an empty line of line feeds', 'A: 1\nB: 2\n\nbody', 11],
    ['ends with the message', 'A: 1\r\nB: 2', 10],
    ['ends before a line that is no field', 'A: 1\r\nno field\r\nB: 2\r\n\r\n', 6],
    ['is empty when the message begins with prose', 'Hello there: you\r\n\r\nbody', 0],
    ['may begin with the line of an mbox file', 'From a@b Tue Jul  1\r\nA: 1\r\n\r\nbody', 29],
    ['of nothing is nothing', '', 0],
  ])('The header block %s', (_, raw, end) => {
    expect(scanHeader(Buffer.from(raw)).headerEnd).toBe(end)
  })

  it('At most 256 KiB of a header block are read', () => {
    const raw = Buffer.from(`Subject: x\r\n${'X-Filler: y\r\n'.repeat(50_000)}To: a@b.c\r\n\r\n`)
    const scan = scanHeader(raw)
    expect(scan.subject).toBe('x')
    expect(scan.to).toEqual([])
    expect(scan.headerEnd).toBeLessThanOrEqual(256 * 1024)
  })

  it('Fields are read in order, unfolded and decoded', () => {
    const raw = message(
      'Received: one',
      '\ttwo',
      'received: three',
      'Subject : =?utf-8?q?caf=C3=A9?=',
      'X-Empty:',
      'X-Utf8: voilà',
      '',
      'body',
    )
    expect(readHeaders(raw)).toEqual([
      { name: 'Received', value: 'one\ttwo'.replace('\t', ' ') },
      { name: 'received', value: 'three' },
      { name: 'Subject', value: 'café' },
      { name: 'X-Empty', value: '' },
      { name: 'X-Utf8', value: 'voilà' },
    ])
  })

  it('Repeated recipient fields give all their addresses, up to 1,000', () => {
    const list = Array.from({ length: 900 }, (_, index) => `u${index}@example.com`).join(', ')
    const scan = scanHeader(
      message(`To: ${list}`, `To: ${list}`, `Cc: ${list},"x" <${list}`, '', ''),
    )
    expect(scan.to.length).toBe(1000)
    expect(scan.cc.length).toBeLessThanOrEqual(1000)
  })

  it('A subject is cut at 998 characters, never inside one', () => {
    expect(scanHeader(message(`Subject: ${'😀'.repeat(998)}`, '', '')).subject).toBe(
      '😀'.repeat(499),
    )
    const odd = scanHeader(message(`Subject: x${'😀'.repeat(998)}`, '', '')).subject
    expect(odd).toBe(`x${'😀'.repeat(498)}`)
  })

  it('Encoded words give no line breaks', () => {
    const scan = scanHeader(
      message('Subject: =?utf-8?q?a=0D=0AB:_c?=', 'From: =?utf-8?q?x=0Ay?= <a@b.c>', '', ''),
    )
    expect(scan.subject).toBe('a B: c')
    expect(scan.from).toEqual({ name: 'x y', address: 'a@b.c' })
  })

  it('Missing fields give null', () => {
    expect(scanHeader(message('Subject: x', 'From:', 'Date: soon', 'Message-ID:', '', ''))).toEqual(
      {
        from: null,
        to: [],
        cc: [],
        subject: 'x',
        date: null,
        messageId: null,
        headerEnd: 46,
      },
    )
  })

  it('A hostile header is scanned quickly', () => {
    const hostile = [
      `To: ${'<'.repeat(200_000)}`,
      `To: ${'"a" <'.repeat(40_000)}`,
      `To: ${'(a@b,'.repeat(40_000)}`,
      `Subject: ${'=?u?q?'.repeat(40_000)}`,
      `Subject: ${'=?u?b?='.repeat(35_000)}`,
      `Date: ${'1 Jan '.repeat(40_000)}`,
      `From: ${' '.repeat(250_000)}x`,
      ':\r\n'.repeat(80_000),
      'a:\r\n'.repeat(60_000),
    ]
    for (const block of hostile) {
      const raw = Buffer.from(`${block}\r\n\r\nbody`)
      expect(processorMs(() => scanHeader(raw))).toBeLessThan(300)
    }
  })
})

describe('An address field', () => {
  it.each([
    ['a@b.c', [[null, 'a@b.c']]],
    ['<a@b.c>', [[null, 'a@b.c']]],
    ['Ann <a@b.c>', [['Ann', 'a@b.c']]],
    [
      '"Ann, B." <a@b.c>, c@d.e',
      [
        ['Ann, B.', 'a@b.c'],
        [null, 'c@d.e'],
      ],
    ],
    ['a@b.c (Ann)', [['Ann', 'a@b.c']]],
    ['"a b"@c.d', [[null, 'a b@c.d']]],
    ['=?utf-8?q?Ann=2C_B=2E?= <a@b.c>', [['Ann, B.', 'a@b.c']]],
    ['=?utf-8?q?a=40evil=2Eexample?= <real@b.c>', [['a@evil.example', 'real@b.c']]],
    // RFC 5322, A.5 and §4.4: comments, and the way that a message once had to take.
    [
      'Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>',
      [['Pete', 'pete@silly.test']],
    ],
    ['Mary <@machine.tld:mary@example.net>', [['Mary', 'mary@example.net']]],
    [
      'A Group(Some people) :Chris <c@(his host.)public.example>, joe@example.org;(the end)',
      [
        ['Chris', 'c@public.example'],
        [null, 'joe@example.org'],
      ],
    ],
    ['MAILER-DAEMON', [[null, 'MAILER-DAEMON']]],
    ['', []],
    [', ,', []],
  ])('The address field “%s” is parsed', (text, expected) => {
    const found = parseAddresses(text).map(({ name, address }) => [name, address])
    if (text.startsWith('"a b"')) expect(found[0]?.[1]).toContain('@c.d')
    else expect(found).toEqual(expected)
  })
})

describe('Encoded words', () => {
  it.each([
    ['=?utf-8?q?a?= =?utf-8?q?b?=', 'ab'],
    ['=?utf-8?q?a?==?utf-8?q?b?=', 'ab'],
    ['=?utf-8?q?a?= b =?utf-8?q?c?=', 'a b c'],
    ['=?utf-8*en?q?a_b?=', 'a b'],
    ['=?utf-8?q?a b?=', 'a b'],
    ['=?utf-8?q?How?_=3F?=', 'How? ?'],
    ['=?utf-8?b?8J+M?= =?utf-8?b?ng==?=', '🌞'],
    ['=?utf-8?q?=F0=9F?= =?UTF-8?b?jJ4=?=', '🌞'],
    ['=?iso-8859-1?q?=e9?= =?utf-8?q?=C3=A9?=', 'éé'],
    ['=?no-such-charset?q?=C3=A9?=', 'é'],
    ['=?utf-8?q?never ended', '=?utf-8?q?never ended'],
    ['=?utf-8?q?lost =?utf-8?q?found?=', '=?utf-8?q?lost found'],
    ['=?cp1252?q?=93?=', '“'],
    ['plain = ? text', 'plain = ? text'],
  ])('The encoded words “%s” are decoded', (text, expected) => {
    expect(decodeWords(text)).toBe(expected)
  })
})

describe('A date', () => {
  it.each([
    ['Tue, 1 Jul 2025 10:00:00 +0200', '2025-07-01T08:00:00.000Z'],
    ['1 Jul 2025 10:00 -0130', '2025-07-01T11:30:00.000Z'],
    ['Tue, 01 Jul 25 10:00:00 EST', '2025-07-01T15:00:00.000Z'],
    ['Tuesday, 01-Jul-97 10:00:00 GMT', '1997-07-01T10:00:00.000Z'],
    ['2025-07-01T10:00:00Z', '2025-07-01T10:00:00.000Z'],
    ['Tue, 1 Jul 2025 10:00:00', '2025-07-01T10:00:00.000Z'],
    ['yesterday at 5', null],
    ['Tue, 1 Foo 2025 10:00:00 +0200', null],
    ['Tue, 99 Jul 2025 10:00:00 +0200', null],
    ['', null],
  ])('The date “%s” is parsed', (text, expected) => {
    const date = parseDate(text)
    expect(date === null ? null : new Date(date).toISOString()).toBe(expected)
  })
})
