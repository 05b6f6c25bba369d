import { Fault } from '../contract/faults.ts'

export type JsonMeter = ReturnType<typeof createJsonMeter>

export type JsonLimits = {
  /** Values of every kind: what parsing and checking takes time for. */
  readonly maxValues: number
  /** Bytes besides the content of texts and files. */
  readonly maxPlainBytes: number
  /** Fields whose strings are content, such as `html`. */
  readonly contentFields: ReadonlySet<string>
}

/** Deeper than any request needs, and shallow enough for everything that walks it later. */
export const maxDepth = 64

const maxNameBytes = 32
const quote = 0x22
const backslash = 0x5c

/**
 * Counts JSON as its bytes arrive, so that a body which is expensive to parse is refused before it
 * is parsed. It does not check the syntax: `JSON.parse` does that afterwards.
 */
export function createJsonMeter({ maxValues, maxPlainBytes, contentFields }: JsonLimits) {
  const name = Buffer.alloc(maxNameBytes)
  let nameLength = 0
  let state: 'between' | 'plain string' | 'content string' = 'between'
  let isEscaped = false
  let isContentNext = false
  let depth = 0
  let values = 0
  let plainBytes = 0

  /** The position after the string, or the end of the piece. */
  function skipContent(piece: Buffer, from: number): number {
    const end = findStringEnd(piece, isEscaped ? from + 1 : from)
    isEscaped = end === openAfterBackslash
    if (end < 0) return piece.length
    state = 'between'
    return end
  }

  function readPlain(byte: number): void {
    if (isEscaped) isEscaped = false
    else if (byte === backslash) isEscaped = true
    else if (byte === quote) {
      state = 'between'
      return
    }
    if (nameLength < maxNameBytes) name[nameLength] = byte
    nameLength += 1
  }

  function readBetween(byte: number): void {
    switch (byte) {
      case quote:
        state = isContentNext ? 'content string' : 'plain string'
        isContentNext = false
        nameLength = 0
        return
      case 0x3a: // :
        isContentNext =
          nameLength <= maxNameBytes && contentFields.has(name.toString('latin1', 0, nameLength))
        return
      case 0x2c: // ,
        values += 1
        isContentNext = false
        return
      case 0x5b: // [
      case 0x7b: // {
        values += 1
        depth += 1
        isContentNext = false
        return
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1
    }
  }

  return {
    /** The number of values in this piece; throws the refusal as soon as there is too much. */
    read(piece: Buffer): number {
      const before = values
      let at = 0
      while (at < piece.length) {
        if (state === 'content string') {
          at = skipContent(piece, at)
          continue
        }
        const byte = piece[at++] ?? 0
        plainBytes += 1
        if (state === 'plain string') readPlain(byte)
        else readBetween(byte)
        if (depth > maxDepth) throw tooDeep()
        if (values > maxValues) throw tooManyValues(maxValues)
        if (plainBytes > maxPlainBytes) throw tooManyPlainBytes(maxPlainBytes)
      }
      return values - before
    },
  }
}

/** The results of `findStringEnd` for a string that the piece does not end. */
const open = -1
const openAfterBackslash = -2

/** The position after the quote that ends a string. */
function findStringEnd(piece: Buffer, from: number): number {
  // Base64 goes on for many pieces, with no quote and no backslash in them.
  if (piece.indexOf(quote, from) === -1 && piece.indexOf(backslash, from) === -1) return open
  for (let at = from; at < piece.length; at += 1) {
    const byte = piece[at]
    if (byte === quote) return at + 1
    if (byte !== backslash) continue
    at += 1
    if (at === piece.length) return openAfterBackslash
  }
  return open
}

export const tooDeep = (): Fault =>
  new Fault(
    'invalid_request',
    `The request body may be nested ${maxDepth} deep at most. Flatten it.`,
  )

function tooManyValues(max: number): Fault {
  return new Fault(
    'message_too_large',
    `The request body may hold at most ${max} JSON values. Split the request.`,
  )
}

function tooManyPlainBytes(max: number): Fault {
  return new Fault(
    'message_too_large',
    `The request body may have at most ${max / 1024} KiB besides its texts and attachments. Split the request.`,
  )
}
