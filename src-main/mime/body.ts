import { hexPair } from './encoded-words.ts'

const equals = 0x3d

interface EncodedRange {
  readonly start: number
  readonly end: number
  readonly encoding: string
}

/** The decoded bytes of a part. Of a damaged encoding, as much as can be read. */
export function decodePart(raw: Buffer, part: EncodedRange): Buffer {
  switch (part.encoding) {
    case 'base64':
      return decodeBase64(raw.subarray(part.start, part.end))
    case 'quoted-printable':
      return decodeQuotedPrintable(raw.subarray(part.start, part.end))
    default:
      return raw.subarray(part.start, part.end)
  }
}

/** `Buffer.from` skips invalid characters and needs no padding, but stops at the first padding. */
function decodeBase64(bytes: Buffer): Buffer {
  const padding = bytes.indexOf(equals)
  const isPaddedInside = padding !== -1 && bytes.subarray(padding).some(isBase64Digit)
  if (isPaddedInside) return decodePaddedBase64(bytes)
  return Buffer.from(bytes.toString('latin1'), 'base64')
}

const base64Values = new Int8Array(256).fill(-1)
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (let value = 0; value < 64; value++) base64Values[base64Alphabet.charCodeAt(value)] = value

function isBase64Digit(byte: number): boolean {
  return (base64Values[byte] ?? -1) !== -1
}

/** Several encoded texts in a row, each with its own padding. */
function decodePaddedBase64(bytes: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let bits = 0
  let bitCount = 0
  for (const byte of bytes) {
    const value = base64Values[byte] ?? -1
    if (byte === equals) bitCount = 0
    if (value === -1) continue
    bits = ((bits << 6) | value) & 0xffff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    decoded[length++] = (bits >> bitCount) & 0xff
  }
  return decoded.subarray(0, length)
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  // RFC 2045 §6.7 (3): blanks at the end of a line were added in transit and are removed.
  let solidLength = 0
  for (let position = 0; position < bytes.length; position++) {
    const byte = bytes[position] ?? 0
    if (byte === equals) {
      const value = hexPair(bytes, position + 1)
      const softBreak = value === -1 ? softBreakEnd(bytes, position + 1) : -1
      if (value !== -1) {
        decoded[length++] = value
        position += 2
      } else if (softBreak !== -1) {
        position = softBreak
      } else {
        decoded[length++] = byte
      }
      solidLength = length
      continue
    }
    const isBreak =
      byte === lineFeed || (byte === carriageReturn && bytes[position + 1] === lineFeed)
    if (isBreak) length = solidLength
    decoded[length++] = byte
    if (byte !== 32 && byte !== 9) solidLength = length
  }
  return decoded.subarray(0, length)
}

const maxSoftBreakBlanks = 100

/** Index of the line feed that ends a soft line break, after optional blanks; -1: there is none. */
function softBreakEnd(bytes: Buffer, start: number): number {
  let position = start
  const limit = Math.min(bytes.length, start + maxSoftBreakBlanks)
  while (position < limit && (bytes[position] === 32 || bytes[position] === 9)) position++
  if (bytes[position] === carriageReturn) position++
  if (bytes[position] === lineFeed) return position
  return position >= bytes.length ? bytes.length : -1
}
