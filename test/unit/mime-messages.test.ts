import { describe, expect, it } from 'vitest'
import { decodePart } from '../../src-main/mime/body.ts'
import { decodeText } from '../../src-main/mime/charset.ts'
import { type AttachmentEntry, digest } from '../../src-main/mime/digest.ts'
import { scanHeader } from '../../src-main/mime/header-scan.ts'
import { readFixture } from '../fixtures/mail/fixture.ts'

const everyByte = Buffer.from(Array.from({ length: 1280 }, (_, index) => index % 256))

function names(attachments: readonly AttachmentEntry[]): (string | null)[] {
  return attachments.map(({ filename }) => filename)
}

describe('The header of a real message', () => {
  it.each([
    ['newsletter.eml', 'Summer sale 🌞 starts today', 'Blue Shop, Inc.', 'news@shop.example'],
    ['hebrew.eml', 'ההזמנה שלך נשלחה', 'חנות הספרים', 'shop@example.co.il'],
    ['arabic.eml', 'تأكيد طلبك رقم ١٢٣', 'متجر', 'shop@example.com'],
    ['emoji-subject.eml', 'Hi 👩‍👩‍👧‍👦 party 🎉 time', null, 'a@example.com'],
    ['iso-2022-jp.eml', 'ご注文の確認', '山田書店', 'shop@example.jp'],
    ['windows-1251.eml', 'Заказ принят', 'Магазин', 'shop@example.ru'],
    ['latin1-headers.eml', 'Café “olé”', 'José Núñez', 'jose@example.es'],
    ['broken-base64.eml', 'Are you there? =?utf-8?X?what?= =?nonsense', null, 'a@example.com'],
  ])('%s is readable', (file, subject, name, address) => {
    const scan = scanHeader(readFixture(file))
    expect(scan.subject).toBe(subject)
    expect(scan.from).toEqual({ name, address })
  })

  it('Every Date field gives its time in UTC', () => {
    const dates = ['newsletter.eml', 'hebrew.eml', 'emoji-subject.eml', 'forwarded.eml'].map(
      (file) => new Date(scanHeader(readFixture(file)).date ?? 0).toISOString(),
    )
    expect(dates).toEqual([
      '2025-07-01T09:15:00.000Z',
      '2025-07-02T09:00:00.000Z',
      '2025-07-03T08:00:00.000Z',
      '2025-07-07T14:00:00.000Z',
    ])
  })

  it('Groups give their members, and an empty group none', () => {
    const scan = scanHeader(readFixture('rfc2231-names.eml'))
    expect(scan.to).toEqual([])
    expect(scan.cc).toEqual([
      { name: 'Doe, Jane', address: 'jane@example.com' },
      { name: null, address: 'joe@example.com' },
    ])
  })
})

describe('The digest of a real message', () => {
  it('A newsletter gives its text, its inline logo and its remote content', () => {
    const raw = readFixture('newsletter.eml')
    const found = digest(raw)
    expect(found.text).toBe('Summer sale — up to 50% off.\nShop now: https://shop.example/sale')
    expect(found).toMatchObject({ hasText: true, hasHtml: true, remoteContent: true })
    expect(found.attachments).toMatchObject([
      {
        filename: 'logo.png',
        contentType: 'image/png',
        contentId: 'logo@shop.example',
        inline: true,
      },
    ])
    const logo = decodePart(raw, found.attachments[0] ?? expect.fail('no logo'))
    expect(logo.subarray(1, 4).toString()).toBe('PNG')
    expect(logo.length).toBe(found.attachments[0]?.sizeBytes)
    const html = found.bodies[0]?.html[0] ?? expect.fail('no html')
    expect(decodeText(decodePart(raw, html), html.charset)).toContain('Summer sale — <a href')
  })

  it('Right-to-left mail keeps its letters in text, HTML and file names', () => {
    const hebrew = digest(readFixture('hebrew.eml'))
    expect(hebrew.snippet).toBe('שלום דנה, ההזמנה שלך נשלחה. תודה!')
    expect(names(hebrew.attachments)).toEqual(['חשבונית.pdf'])
    expect(hebrew.fileNames).toBe('חשבונית.pdf')
    const arabic = digest(readFixture('arabic.eml'))
    expect(arabic.snippet).toBe('مرحبا ليلى، تم تأكيد طلبك.')
    expect(arabic).toMatchObject({ hasText: false, hasHtml: true, remoteContent: false })
  })

  it.each([
    ['iso-2022-jp.eml', 'ご注文ありがとうございます。'],
    ['windows-1251.eml', 'Здравствуйте! Ваш заказ принят.'],
    ['latin1-headers.eml', '¡Hola, señor!'],
    ['quoted-reply.eml', 'Yes, Monday is fine.'],
    ['headerless.eml', 'Just some words typed into telnet. And a second paragraph.'],
    ['unclosed.eml', 'Still here'],
    ['empty.eml', ''],
  ])('%s has a readable snippet', (file, snippet) => {
    expect(digest(readFixture(file)).snippet).toBe(snippet)
  })

  it('A forwarded message is one attachment', () => {
    const raw = readFixture('forwarded.eml')
    const found = digest(raw)
    expect(found.snippet).toBe('See below.')
    expect(found.attachments).toMatchObject([{ contentType: 'message/rfc822', filename: null }])
    const inner = decodePart(raw, found.attachments[0] ?? expect.fail('no message'))
    expect(scanHeader(inner).subject).toBe('Original')
    expect(names(digest(inner).attachments)).toEqual(['deep.bin'])
  })

  it('Damaged base64 gives its readable part', () => {
    const raw = readFixture('broken-base64.eml')
    const found = digest(raw)
    expect(found.text).toBe('Hello, world')
    const pieces = decodePart(raw, found.attachments[0] ?? expect.fail('no attachment'))
    expect(pieces.toString()).toBe('one two')
  })

  it('A message without closing delimiters loses nothing', () => {
    const raw = readFixture('unclosed.eml')
    const found = digest(raw)
    expect(found).toMatchObject({ hasText: true, hasHtml: true })
    expect(names(found.attachments)).toEqual(['a.txt'])
    const file = decodePart(raw, found.attachments[0] ?? expect.fail('no file'))
    expect(file.toString()).toBe('--part-3 is no boundary\r\n')
  })

  it('A multipart without a boundary is text', () => {
    const found = digest(readFixture('missing-boundary.eml'))
    expect(found.text).toContain('words')
    expect(found.attachments).toEqual([])
  })

  it('Binary attachments are unchanged', () => {
    const raw = readFixture('binary-attachment.eml')
    const found = digest(raw)
    expect(names(found.attachments)).toEqual(['base64.bin', 'binary.bin'])
    for (const attachment of found.attachments) {
      expect(decodePart(raw, attachment).equals(everyByte)).toBe(true)
      expect(attachment.sizeBytes).toBe(1280)
    }
  })

  it('File names are decoded, and cannot leave their folder or hide their extension', () => {
    expect(names(digest(readFixture('rfc2231-names.eml')).attachments)).toEqual([
      'naïve plan.txt',
      'café menu.pdf',
      'résumé.doc',
      '.._.._etc_pass_wd',
      'report (1).pdf',
      'gpj.exe',
    ])
  })
})
