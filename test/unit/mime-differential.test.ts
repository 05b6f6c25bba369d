import PostalMime from 'postal-mime'
import { describe, expect, it, vi } from 'vitest'
import { decodePart } from '../../src-main/mime/body.ts'
import { decodeText } from '../../src-main/mime/charset.ts'
import { compose } from '../../src-main/mime/compose.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { scanHeader } from '../../src-main/mime/header-scan.ts'
import { readFixture } from '../fixtures/mail/fixture.ts'
import { createRandom, type Random } from '../fixtures/mail/random.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Reading {
  subject: string
  from: string | null
  to: string[]
  date: number | null
  text: string | null
  html: string | null
  attachments: { filename: string | null; contentType: string; content: string }[]
}

function even(text: string): string {
  return text.replace(/\r\n/g, '\n').trim()
}

function ourReading(raw: Buffer): Reading {
  const scan = scanHeader(raw)
  const found = digest(raw)
  const html = found.bodies[0]?.html[0] ?? null
  return {
    subject: scan.subject,
    from: scan.from && `${scan.from.name ?? ''} <${scan.from.address}>`,
    to: scan.to.map(({ name, address }) => `${name ?? ''} <${address}>`),
    date: scan.date,
    text: found.hasText ? even(found.text) : null,
    html: html && even(decodeText(decodePart(raw, html), html.charset)),
    attachments: found.attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.contentType,
      content: decodePart(raw, attachment).toString('base64'),
    })),
  }
}

async function theirReading(raw: Buffer): Promise<Reading> {
  const mail = await PostalMime.parse(raw, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'base64',
  })
  return {
    subject: mail.subject ?? '',
    from: mail.from ? `${mail.from.name} <${mail.from.address}>` : null,
    to: (mail.to ?? []).flatMap(({ name, address, group }) =>
      group ? group.map((one) => `${one.name} <${one.address}>`) : `${name} <${address}>`,
    ),
    date: mail.date ? Date.parse(mail.date) : null,
    text: mail.text === undefined ? null : even(mail.text),
    html: mail.html === undefined ? null : even(mail.html),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      filename,
      contentType: mimeType,
      content: String(content),
    })),
  }
}

const words = [
  'Hello',
  'שלום',
  'مرحبا',
  '🎉',
  'naïve',
  'x = y; z',
  '"quoted"',
  'a, b',
  '<tag>',
  '日本語',
]

function phrase(random: Random, length: number): string {
  return Array.from({ length: 1 + random.below(length) }, () =>
    random.pick(['word', ...words]),
  ).join(' ')
}

function generate(random: Random): Promise<Buffer> {
  const text = random.chance(0.8) ? `${phrase(random, 400)}\n${phrase(random, 20)}` : undefined
  const html =
    random.chance(0.5) || text === undefined ? `<p>${phrase(random, 300)}</p>` : undefined
  const attachments = Array.from({ length: random.below(4) }, (_, index) => ({
    filename: `${random.pick(['file', 'שם', 'a (1)', "o'neil", 'a;b'])} ${index}.bin`,
    content: random.bytes(random.below(4000)),
    contentType: random.pick(['application/octet-stream', 'image/png', 'text/csv']),
    contentId: html !== undefined && random.chance(0.3) ? `cid-${index}@example.com` : undefined,
  }))
  const person = (): { name: string | null; address: string } => ({
    name: random.chance(0.6) ? phrase(random, 3) : null,
    address: `${random.pick(['ann', 'b.ob', 'c+d'])}@example.com`,
  })
  return compose({
    from: person(),
    to: Array.from({ length: 1 + random.below(5) }, person),
    subject: phrase(random, 30),
    text,
    html,
    attachments,
    messageId: `<${random.below(1e9)}@example.com>`,
    date: new Date(random.below(2e9) * 1000),
  })
}

describe('The comparison with postal-mime', () => {
  it.each([
    'newsletter.eml',
    'hebrew.eml',
    'arabic.eml',
    'iso-2022-jp.eml',
    'windows-1251.eml',
    'quoted-reply.eml',
  ])('%s is read the same by postal-mime', async (file) => {
    const raw = readFixture(file)
    expect(ourReading(raw)).toEqual(await theirReading(raw))
  })

  it('Every attachment of the base64 fixtures is read the same by postal-mime', async () => {
    const raw = readFixture('binary-attachment.eml')
    expect(ourReading(raw).attachments[0]).toEqual((await theirReading(raw)).attachments[0])
  })

  it('400 generated messages are read the same by postal-mime', async () => {
    const random = createRandom(20250701)
    for (let count = 0; count < 400; count++) {
      const raw = await generate(random)
      expect(ourReading(raw)).toEqual(await theirReading(raw))
    }
  })
})
