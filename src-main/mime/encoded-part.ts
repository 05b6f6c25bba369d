import { decodePart } from './body.ts'
import { decodeText } from './charset.ts'
import type { BodyRange, BodyRanges } from './digest.ts'
import { decodeHtml } from './html-charset.ts'

/** An encoded part with the fields that decode it; a worker thread decodes it. */
export type EncodedPart = {
  readonly bytes: Uint8Array
  readonly encoding: string
  readonly charset: string | null
  readonly format: 'text' | 'html'
}

export type FormattedRange = BodyRange & Pick<EncodedPart, 'format'>

/** The parts of a message in the form asked for; of a body without such a part, the other form. */
export function inForm(
  bodies: readonly BodyRanges[],
  wanted: EncodedPart['format'],
): FormattedRange[] {
  const other = wanted === 'text' ? 'html' : 'text'
  return bodies.flatMap((body) => {
    const format = body[wanted].length > 0 ? wanted : other
    return body[format].map((range) => ({ ...range, format }))
  })
}

export function decodedBytes({ bytes, encoding }: Omit<EncodedPart, 'format'>): Buffer {
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return decodePart(encoded, { start: 0, end: encoded.length, encoding })
}

export function decodedText(part: EncodedPart): string {
  const decode = part.format === 'html' ? decodeHtml : decodeText
  return decode(decodedBytes(part), part.charset)
}

/** One page of several parts in their order; text among them is shown as it is written. */
export const decodedPage = (parts: readonly EncodedPart[]): string =>
  parts
    .map((part) => (part.format === 'html' ? decodedText(part) : textAsHtml(decodedText(part))))
    .join('\n')

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const textAsHtml = (text: string): string =>
  `<div style="white-space:pre-wrap">${text.replace(/[&<>]/g, (character) => escapes[character] ?? '')}</div>`

export const encodedBytes = (parts: readonly EncodedPart[]): number =>
  parts.reduce((sum, { bytes }) => sum + bytes.length, 0)

export const plainPage = (html: string): readonly EncodedPart[] => [
  { bytes: Buffer.from(html), encoding: '8bit', charset: 'utf-8', format: 'html' },
]
