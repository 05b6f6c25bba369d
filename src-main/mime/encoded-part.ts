import { decodePart } from './body.ts'
import { decodeText } from './charset.ts'

/** An encoded part with the fields that decode it; a worker thread decodes it. */
export type EncodedPart = {
  readonly bytes: Uint8Array
  readonly encoding: string
  readonly charset: string | null
}

export function decodedBytes({ bytes, encoding }: EncodedPart): Buffer {
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return decodePart(encoded, { start: 0, end: encoded.length, encoding })
}

export const decodedText = (part: EncodedPart): string =>
  decodeText(decodedBytes(part), part.charset)

export const plainPart = (text: string): EncodedPart => ({
  bytes: Buffer.from(text),
  encoding: '8bit',
  charset: 'utf-8',
})
