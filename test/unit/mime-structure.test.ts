import { describe, expect, it, vi } from 'vitest'
import { decodePart } from '../../src-main/mime/body.ts'
import { decodeText } from '../../src-main/mime/charset.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { type MimePart, readStructure } from '../../src-main/mime/structure.ts'
import { message, processorMs } from '../fixtures/mail/fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

type Outline = string | Outline[]

function outline(raw: Buffer, part: MimePart): Outline {
  if (part.children.length > 0) return part.children.map((child) => outline(raw, child))
  return raw.toString('latin1', part.start, part.end)
}

function outlineOf(...lines: string[]): Outline {
  const raw = message(...lines)
  return outline(raw, readStructure(raw))
}

const mixed = 'Content-Type: multipart/mixed; boundary=b'

describe('The parts of a message', () => {
  it.each<[string, string[], Outline]>([
    ['without type are text', ['A: 1', '', 'hello'], 'hello'],
    [
      'stand between delimiters',
      [mixed, '', 'pre', '--b', '', '1', '--b', '', '2', '--b--', 'epi'],
      ['1', '2'],
    ],
    ['may be empty', [mixed, '', '--b', '', '--b', '--b', '', '', '--b--'], ['', '', '']],
    ['may lack the closing delimiter', [mixed, '', '--b', '', '1', ''], ['1\r\n']],
    [
      'end at their delimiter only',
      [mixed, '', '--b', '', '--bb', '--b--b', '-b', ' --b', '--b--'],
      ['--bb\r\n--b--b\r\n-b\r\n --b'],
    ],
    ['allow blanks after a delimiter', [mixed, '', '--b \t', '', '1', '--b--  ', ''], ['1']],
    [
      'may have headers without an empty line',
      [mixed, '', '--b', 'X: 1', '--b', 'X: 2', '', '2', '--b--'],
      ['', '2'],
    ],
    ['are text when no delimiter is there', [mixed, '', 'just words'], 'just words'],
    [
      'are text when the boundary is empty',
      ['Content-Type: multipart/mixed; boundary=""', '', '--', 'x'],
      '--\r\nx',
    ],
    [
      'may have a quoted boundary with a comment',
      [
        'Content-Type: multipart/mixed (mixed); x="a;b"; boundary="b c" (d)',
        '',
        '--b c',
        '',
        '1',
        '--b c--',
      ],
      ['1'],
    ],
    [
      'of an inner multipart end with the outer one',
      [
        mixed,
        '',
        '--b',
        'Content-Type: multipart/x; boundary=c',
        '',
        '--c',
        '',
        '1',
        '--b',
        '',
        '2',
        '--b--',
      ],
      [['1'], '2'],
    ],
    [
      'may share a boundary with an inner multipart',
      [mixed, '', '--b', mixed, '', '--b', '', '1', '--b--', '--b', '', '2', '--b--'],
      [['1'], '2'],
    ],
    [
      'tell a boundary from one that ends in dashes',
      ['Content-Type: multipart/mixed; boundary="b--"', '', '--b--', '', '1', '--b----'],
      ['1'],
    ],
  ])('The parts %s', (_, lines, expected) => {
    expect(outlineOf(...lines)).toEqual(expected)
  })

  it('Parts are the same with bare line feeds', () => {
    const raw = Buffer.from(`${mixed}\n\n--b\n\n1\n--b\nContent-Type: text/html\n\n2\n\n--b--\n`)
    expect(outline(raw, readStructure(raw))).toEqual(['1', '2\n'])
  })

  it('Parts have their type, charset, encoding, disposition and id', () => {
    const raw = message(
      'Content-Type: TEXT/HTML; Charset="ISO-8859-1" (latin)',
      'Content-Transfer-Encoding: Quoted-Printable (yes)',
      'Content-Disposition: INLINE; filename=a.html',
      'Content-ID: <id@x>',
      '',
      '=E9',
    )
    const part = readStructure(raw)
    expect(part).toMatchObject({
      path: '1',
      contentType: 'text/html',
      charset: 'iso-8859-1',
      encoding: 'quoted-printable',
      disposition: 'inline',
      filename: 'a.html',
      contentId: 'id@x',
    })
    expect(decodeText(decodePart(raw, part), part.charset)).toBe('é')
  })

  it.each([
    ['', 'text/plain'],
    ['text', 'text/plain'],
    ['/', 'text/plain'],
    ['text/html charset=utf-8', 'text/plain'],
    ['; charset=utf-8', 'text/plain'],
    ['image/svg+xml', 'image/svg+xml'],
  ])('The content type "%s" is read as %s', (written, type) => {
    expect(readStructure(message(`Content-Type: ${written}`, '', '')).contentType).toBe(type)
  })

  it('A parameter may be named like a property of Object', () => {
    const part = readStructure(
      message('Content-Type: text/plain; __proto__=a; constructor=b', '', ''),
    )
    expect(Object.entries(part.parameters)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it('Parts are read 50 levels deep', () => {
    const levels = Array.from({ length: 200 }, (_, level) => level)
    const raw = message(
      ...levels.flatMap((level) => [
        `Content-Type: multipart/mixed; boundary=b${level}`,
        '',
        `--b${level}`,
      ]),
      '',
      'core',
    )
    let part: MimePart | undefined = readStructure(raw)
    let depth = 0
    for (; part !== undefined && part.children.length > 0; part = part.children[0]) depth++
    expect(depth).toBe(50)
    expect(part?.contentType).toBe('multipart/mixed')
    expect(digest(raw).attachments.length).toBe(1)
  })

  it('A message has at most 1,000 parts; the last holds the rest', () => {
    const raw = message(
      mixed,
      '',
      ...Array.from({ length: 3000 }, (_, index) => `--b\r\n\r\n${index}`),
    )
    const { children } = readStructure(raw)
    expect(children.length).toBe(999)
    expect(children.at(-1)?.end).toBe(raw.length)
  })
})

describe('A body', () => {
  it.each([
    ['base64', 'aGVs bG8\r\n', 'hello'],
    ['base64', '=', ''],
    ['base64', 'aA==aA==', 'hh'],
    ['quoted-printable', 'a=3Db=\r\nc \t\r\nd=\nf= \r\ng=zz=3', 'a=bc\r\ndfg=zz=3'],
    ['quoted-printable', 'end =20\r\nx =', 'end  \r\nx '],
    ['8bit', 'as=20is', 'as=20is'],
    ['x-unknown', 'as=20is', 'as=20is'],
  ])('A body in %s is decoded: %s', (encoding, body, expected) => {
    const raw = Buffer.from(body)
    expect(decodePart(raw, { start: 0, end: raw.length, encoding }).toString()).toBe(expected)
  })

  it.each([
    ['utf-8', [0xc3, 0xa9], 'é'],
    ['windows-1252', [0x93, 0xe9], '“é'],
    ['us-ascii', [0xc3, 0xa9], 'é'],
    ['us-ascii', [0xe9], 'é'],
    ['no-such', [0xc3, 0xa9], 'é'],
    ['no-such', [0x80], '€'],
    [null, [0xe9], 'é'],
    ['koi8-r', [0xc1], 'а'],
    ['cp932', [0x82, 0xa0], 'あ'],
    ['iso-8859-8-i', [0xe0], 'א'],
  ])('A body in charset %s is decoded: %j', (charset, bytes, expected) => {
    expect(decodeText(Buffer.from(bytes), charset)).toBe(expected)
  })
})

describe('A hostile message of 25 MB', () => {
  const size = 25_000_000
  const fill = (text: string): string => text.repeat(Math.floor(size / text.length))
  const nested = Array.from(
    { length: 50 },
    (_, level) =>
      `Content-Type: multipart/mixed; boundary=${'x'.repeat(68)}${level}\r\n\r\n--${'x'.repeat(68)}${level}\r\n`,
  ).join('')

  it.each<[string, () => string]>([
    ['lines of dashes', () => `${mixed}\r\n\r\n${fill('--\n')}`],
    ['almost boundaries', () => `${mixed}\r\n\r\n${fill('--c\n')}`],
    ['boundaries', () => `${mixed}\r\n\r\n${fill('--b\n')}`],
    ['closing boundaries', () => `${mixed}\r\n\r\n${fill('--b--\n')}`],
    ['one endless line', () => `${mixed}\r\n\r\n--b\r\n\r\n${fill('x')}`],
    ['one endless delimiter', () => `${mixed}\r\n\r\n${fill('--b')}`],
    ['blanks after delimiters', () => `${mixed}\r\n\r\n${fill(`--b${' '.repeat(900)}x\n`)}`],
    ['deep nesting and near misses', () => `${nested}\r\n${fill(`--${'x'.repeat(68)}z\n`)}`],
    [
      'headers without end in every part',
      () => `${mixed}\r\n\r\n${fill(`--b\r\n${'A: b\r\n'.repeat(45_000)}`)}`,
    ],
    [
      'parameters',
      () =>
        `${mixed}\r\n\r\n${fill(`--b\r\nContent-Type: text/plain${';'.repeat(200_000)}=\r\n\r\n`)}`,
    ],
    ['padding', () => `Content-Transfer-Encoding: base64\r\n\r\n${fill('A=')}`],
    ['soft breaks', () => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${fill('= ')}`],
    ['tags', () => `Content-Type: text/html\r\n\r\n${fill('<link ')}`],
    ['nested tags', () => `Content-Type: text/html\r\n\r\n${fill('<div><table>')}`],
    ['open tags of sources', () => `Content-Type: text/html\r\n\r\n${fill('<img src= srcset="')}`],
    ['blanks in html', () => `Content-Type: text/html\r\n\r\n<img src=${fill(' ')}`],
    ['quotes in text', () => `A: b\r\n\r\n${fill('>')}`],
    ['brackets in text', () => `A: b\r\n\r\n${fill('[http:')}`],
    ['content ids', () => `Content-Type: text/html\r\n\r\n${fill('cid:')}`],
  ])('A message of %s is read in less than 3 seconds', (_, make) => {
    const raw = Buffer.from(make(), 'latin1')
    expect(processorMs(() => digest(raw))).toBeLessThan(3000)
  })
})
