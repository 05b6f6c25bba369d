import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { htmlToText } from '../../src-main/html/html-to-text.ts'
import { decodePart } from '../../src-main/mime/body.ts'
import { digest } from '../../src-main/mime/digest.ts'
import {
  decodedPage,
  decodedText,
  type EncodedPart,
  inForm,
} from '../../src-main/mime/encoded-part.ts'
import { scanHeader } from '../../src-main/mime/header-scan.ts'

/** A mail as one parser reads it, in a form that can be compared. Null: it has no such part. */
export type Reading = {
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly cc: string
  readonly date: string | null
  readonly text: string | null
  /** The words of the HTML. */
  readonly html: string | null
  readonly names: string
  readonly types: string
  readonly sizes: string
}

export type Field = keyof Reading

export const fields = [
  ...(['subject', 'from', 'to', 'cc', 'date', 'text', 'html'] as const),
  ...(['names', 'types', 'sizes'] as const),
]

type Part = {
  readonly name: string | null | undefined
  readonly type: string
  readonly sizeBytes: number
}

const listed = (parts: readonly Part[]) => ({
  names: parts.map(({ name }) => name ?? '–').join(' | '),
  types: parts.map(({ type }) => type).join(' | '),
  sizes: parts.map(({ sizeBytes }) => sizeBytes).join(' | '),
})

type Person = { readonly name?: string | null; readonly address?: string | undefined }

/** Blanks differ between parsers and mean nothing; control characters are shown as blanks. */
const even = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim()

const people = (list: readonly Person[]): string =>
  list.map(({ name, address }) => even(`${name ?? ''} <${address ?? ''}>`)).join(', ')

/** Line ends and wrapping differ between parsers, words do not. */
export const words = (text: string): string => text.replace(/\s+/g, '')

const wordsOrNull = (text: string | null | undefined | false): string | null =>
  text ? words(text) || null : null

export function ownReading(raw: Buffer): Reading {
  const { from, to, cc, subject, date } = scanHeader(raw)
  const { bodies, hasText, hasHtml, attachments } = digest(raw)
  const encoded = (form: EncodedPart['format']): EncodedPart[] =>
    inForm(bodies, form).map(({ start, end, ...part }) => ({
      ...part,
      bytes: raw.subarray(start, end),
    }))
  const texts = encoded('text').map((part) =>
    part.format === 'html' ? htmlToText(decodedText(part)) : decodedText(part),
  )
  return {
    subject: even(subject),
    from: people(from === null ? [] : [from]),
    to: people(to),
    cc: people(cc),
    date: isoOrNull(date),
    text: hasText ? wordsOrNull(texts.join('\n')) : null,
    html: hasHtml ? wordsOrNull(htmlToText(decodedPage(encoded('html')))) : null,
    ...listed(
      attachments.map((part) => ({
        name: part.filename,
        type: part.contentType,
        sizeBytes: decodePart(raw, part).length,
      })),
    ),
  }
}

export async function postalMimeReading(raw: Buffer): Promise<Reading> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true })
  const flat = (list: typeof mail.to = []): Person[] =>
    list.flatMap((one) => ('group' in one && one.group ? one.group : [one]))
  return {
    subject: even(mail.subject ?? ''),
    from: people(mail.from ? flat([mail.from]).slice(0, 1) : []),
    to: people(flat(mail.to)),
    cc: people(flat(mail.cc)),
    date: isoOrNull(mail.date === undefined ? null : Date.parse(mail.date)),
    text: wordsOrNull(mail.text),
    html: mail.html === undefined ? null : wordsOrNull(htmlToText(mail.html)),
    ...listed(
      mail.attachments.map(({ filename, mimeType, content }) => ({
        name: filename,
        type: mimeType,
        sizeBytes: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
      })),
    ),
  }
}

export async function mailparserReading(raw: Buffer): Promise<Reading> {
  const started = Date.now()
  const mail = await simpleParser(raw, {
    keepCidLinks: true,
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
    skipHtmlToText: true,
    skipTextLinks: true,
  })
  const flat = (header: typeof mail.to): Person[] =>
    [header ?? []].flat().flatMap(({ value }) => value.flatMap((one) => one.group ?? [one]))
  const date = mail.date?.getTime() ?? null
  return {
    subject: even(mail.subject ?? ''),
    from: people(flat(mail.from).slice(0, 1)),
    to: people(flat(mail.to)),
    cc: people(flat(mail.cc)),
    // mailparser uses the current time for a date that it cannot read.
    date: date !== null && date >= started ? null : isoOrNull(date),
    text: wordsOrNull(mail.text),
    html: mail.html ? wordsOrNull(htmlToText(mail.html)) : null,
    ...listed(
      mail.attachments.map(({ filename, contentType, size }) => ({
        name: filename,
        type: contentType,
        sizeBytes: size,
      })),
    ),
  }
}

const isoOrNull = (at: number | null): string | null =>
  at === null || Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`
