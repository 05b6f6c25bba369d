import { describe, expect, it, vi } from 'vitest'
import { decodePart } from '../../src-main/mime/body.ts'
import { decodeText } from '../../src-main/mime/charset.ts'
import { digest } from '../../src-main/mime/digest.ts'
import { readHeaders, scanHeader } from '../../src-main/mime/header-scan.ts'
import { decodeHtml } from '../../src-main/mime/html-charset.ts'
import { type MimePart, readStructure } from '../../src-main/mime/structure.ts'
import { fixtureNames, readFixture } from '../fixtures/mail/fixture.ts'
import { createRandom, type Random } from '../fixtures/mail/random.ts'

vi.setConfig({ testTimeout: 60_000 })

const pieces = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  '\r\n--',
  '--b\r\n',
  '--b--\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n',
  'Content-Type: text/html; charset=',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  "Content-Disposition: attachment; filename*0*=utf-8''%",
  'Content-Type: ;;;="";name*1=x;name*0',
  'Content-ID: <',
  'Subject: =?utf-8?q?=',
  'From: "<>,:;@(',
  'Date: Tue, 1 Jul 2025 10:00:00 +0200\r\n',
  '=',
  '=\r\n',
  '<a href="http://',
  '<img src=cid:%',
  '(',
  '"',
  '\\',
  '\0',
  '\u00ff',
] as const

function mutate(random: Random, raw: Buffer): Buffer {
  let mutated = Buffer.from(raw)
  for (let count = random.below(8); count >= 0; count--) {
    const start = random.below(mutated.length + 1)
    const end = Math.min(mutated.length, start + random.below(60))
    const inserted = random.pick<Buffer>([
      Buffer.alloc(0),
      random.bytes(random.below(20)),
      Buffer.from(pieces[random.below(pieces.length)] ?? '', 'latin1'),
      mutated.subarray(random.below(mutated.length + 1)).subarray(0, random.below(200)),
    ])
    mutated = Buffer.concat([mutated.subarray(0, start), inserted, mutated.subarray(end)])
  }
  return mutated
}

function checkPart(part: MimePart, start: number, end: number): void {
  expect(part.start).toBeGreaterThanOrEqual(start)
  expect(part.end).toBeGreaterThanOrEqual(part.start)
  expect(part.end).toBeLessThanOrEqual(end)
  let previous = part.start
  for (const child of part.children) {
    checkPart(child, previous, part.end)
    previous = child.end
  }
}

function check(raw: Buffer): void {
  const scan = scanHeader(raw)
  expect(scan.headerEnd).toBeGreaterThanOrEqual(0)
  expect(scan.headerEnd).toBeLessThanOrEqual(raw.length)
  expect(scan.subject).not.toMatch(/[\r\n]/)
  for (const { name } of readHeaders(raw)) expect(name).toMatch(/^[!-9;-~]+$/)
  checkPart(readStructure(raw), 0, raw.length)

  const found = digest(raw)
  expect(found.snippet.length).toBeLessThanOrEqual(200)
  expect(found.text.length).toBeLessThanOrEqual(200_000)
  expect(found.snippet).not.toMatch(/[\r\n]/)
  for (const { text, html } of found.bodies) {
    for (const part of text) decodeText(decodePart(raw, part), part.charset)
    for (const part of html) decodeHtml(decodePart(raw, part), part.charset)
  }
  found.attachments.forEach((attachment, index) => {
    expect(attachment.index).toBe(index)
    expect(attachment.filename ?? 'none').not.toMatch(/[\\/\r\n\0]/)
    expect(decodePart(raw, attachment).length).toBe(attachment.sizeBytes)
  })
}

describe('Random input', () => {
  it('Random bytes give no error, and every offset is within the message', () => {
    const random = createRandom(1)
    for (let count = 0; count < 1500; count++) check(random.bytes(random.below(600)))
  })

  it('Random pieces of syntax give no error, and every offset is within the message', () => {
    const random = createRandom(2)
    for (let count = 0; count < 3000; count++) {
      const text = Array.from({ length: random.below(30) }, () => random.pick(pieces)).join('')
      check(Buffer.from(text, 'latin1'))
    }
  })

  it.each(fixtureNames)('300 damaged copies of %s give no error', (name) => {
    const random = createRandom(name.length)
    const raw = readFixture(name)
    for (let count = 0; count < 300; count++) check(mutate(random, raw))
  })

  it.each(fixtureNames)('%s cut at any byte gives no error', (name) => {
    const raw = readFixture(name)
    const step = Math.max(1, Math.floor(raw.length / 400))
    for (let length = 0; length <= raw.length; length += step) check(raw.subarray(0, length))
  })
})
