const carriageReturn = 0x0d
const lineFeed = 0x0a
const dot = 0x2e
const lineEnd = Buffer.from('\r\n')
const lineWithDot = Buffer.from('\r\n.')
const messageEnd = Buffer.from('\r\n.\r\n')
/** Of what is thrown away, so much is kept that an end cut in two is seen. */
const tailBytes = messageEnd.length - 1
const firstBufferBytes = 16_384

export type MessageData = ReturnType<typeof createMessageData>

/**
 * What follows DATA (RFC 5321 §4.1.1.4), up to CR LF dot CR LF and no other end, without the dots
 * of §4.5.2. Of a message beyond `limitBytes` the rest is read and thrown away.
 */
export function createMessageData(limitBytes: number) {
  // Where every line is a dot, doubling makes four bytes of three; and an end may be cut in two.
  const mostWireBytes = lineEnd.length + Math.ceil((limitBytes * 4) / 3) + tailBytes
  /** As it came, behind a line end: so a dot at the very start is the first of a line. */
  let wire: Buffer = lineEnd
  let length = wire.length
  let raw: Buffer | null = null
  let isBeyond = false
  let droppedBytes = 0

  /** Most messages come in one piece and without such dots: they need no copy. */
  function takeWhole(bytes: Buffer, start: number): number {
    if (length > lineEnd.length || bytes[start] === dot) return -1
    const end = bytes.indexOf(messageEnd, start)
    if (end === -1 || end - start > limitBytes) return -1
    if (bytes.indexOf(lineWithDot, start) !== end) return -1
    raw = bytes.subarray(start, end + lineEnd.length)
    return end + messageEnd.length
  }

  const tail = (): Buffer => wire.subarray(Math.max(0, length - tailBytes), length)

  function append(piece: Buffer): void {
    if (length + piece.length > mostWireBytes) {
      const kept = tail()
      isBeyond = true
      droppedBytes += length - kept.length
      wire = Buffer.concat([kept, piece])
      length = wire.length
      return
    }
    if (length + piece.length > wire.length) wire = grow(wire, length, length + piece.length)
    piece.copy(wire, length)
    length += piece.length
  }

  /** Where in `piece` the end of the message begins, below 0 for one cut in two; null: nowhere. */
  function findEnd(piece: Buffer): number | null {
    const before = tail()
    const seam = Buffer.concat([before, piece.subarray(0, tailBytes)]).indexOf(messageEnd)
    if (seam !== -1) return seam - before.length
    const end = piece.indexOf(messageEnd)
    return end === -1 ? null : end
  }

  return {
    /** Takes bytes from `start` on. Answers where those behind the message begin; -1: not yet. */
    take(bytes: Buffer, start: number): number {
      const behind = takeWhole(bytes, start)
      if (behind !== -1) return behind
      const piece = bytes.subarray(start)
      const end = findEnd(piece)
      if (end === null) {
        append(piece)
        return -1
      }
      const ownBytes = end + lineEnd.length
      if (ownBytes > 0) append(piece.subarray(0, ownBytes))
      else length += ownBytes
      if (!isBeyond) raw = withoutDots(wire.subarray(0, length)).subarray(lineEnd.length)
      return start + end + messageEnd.length
    },

    /** The message, or null when it is beyond what is kept. */
    get raw(): Buffer | null {
      return raw
    },

    get sizeBytes(): number {
      return raw ? raw.length : droppedBytes + length - lineEnd.length
    },
  }
}

function grow(buffer: Buffer, used: number, needed: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2, firstBufferBytes))
  buffer.copy(grown, 0, 0, used)
  return grown
}

/** Takes the first dot of each line away, in place. */
function withoutDots(bytes: Buffer): Buffer {
  const first = bytes.indexOf(lineWithDot)
  if (first === -1) return bytes
  let to = first + lineEnd.length
  let lastButOne = carriageReturn
  let last = lineFeed
  for (let from = to; from < bytes.length; from += 1) {
    const byte = bytes[from] as number
    const isFirstOfLine = last === lineFeed && lastButOne === carriageReturn
    if (byte !== dot || !isFirstOfLine) {
      bytes[to] = byte
      to += 1
    }
    lastButOne = last
    last = byte
  }
  return bytes.subarray(0, to)
}
