import type { ByteHold } from '../base/byte-budget.ts'
import { createGrowingBytes } from '../base/growing-bytes.ts'

const carriageReturn = 0x0d
const lineFeed = 0x0a
const dot = 0x2e
const lineEnd = Buffer.from('\r\n')
const lineWithDot = Buffer.from('\r\n.')
const messageEnd = Buffer.from('\r\n.\r\n')
/** Of what is thrown away, so much is kept that an end cut in two is seen. */
const tailBytes = messageEnd.length - 1

export type MessageData = ReturnType<typeof createMessageData>

/**
 * What follows DATA (RFC 5321 §4.1.1.4), up to CR LF dot CR LF and no other end, without the dots
 * of §4.5.2. Of a message beyond `limitBytes`, or one that `room` has none for, the rest is read and
 * thrown away, and its room given back.
 */
export function createMessageData(limitBytes: number, room: Pick<ByteHold, 'grow' | 'close'>) {
  // Where every line is a dot, doubling makes four bytes of three; and an end may be cut in two.
  const maxWireBytes = lineEnd.length + Math.ceil((limitBytes * 4) / 3) + tailBytes
  /** As it came, behind a line end: so a dot at the very start is the first of a line. */
  const wire = createGrowingBytes(maxWireBytes, room.grow)
  let raw: Buffer | null = null
  /** Of a message that is not kept. */
  let dropped: { readonly tail: Buffer; readonly bytes: number } | null = null
  let isOutOfRoom = false

  /** Most messages come in one piece and without such dots: they need no copy. */
  function takeWhole(bytes: Buffer, start: number): number {
    if (dropped || wire.length > 0 || bytes[start] === dot) return -1
    const end = bytes.indexOf(messageEnd, start)
    if (end === -1 || end - start > limitBytes) return -1
    if (bytes.indexOf(lineWithDot, start) !== end) return -1
    raw = bytes.subarray(start, end + lineEnd.length)
    return end + messageEnd.length
  }

  function tail(): Buffer {
    if (dropped) return dropped.tail
    return wire.length === 0 ? lineEnd : wire.view().subarray(-tailBytes)
  }

  function append(piece: Buffer): void {
    const isKept = !dropped && (wire.length > 0 || wire.append(lineEnd)) && wire.append(piece)
    if (isKept) return
    if (!dropped) isOutOfRoom = wire.length + piece.length <= maxWireBytes
    drop(piece)
  }

  /** Keeps no more than is needed to see the end. */
  function drop(piece: Buffer): void {
    const before = dropped ? dropped.bytes : Math.max(wire.length, lineEnd.length)
    const end = Buffer.concat([tail(), piece.subarray(-tailBytes)]).subarray(-tailBytes)
    dropped = { tail: end, bytes: before + piece.length }
    wire.free()
    room.close()
  }

  /** Takes the last bytes back: they belong to the end of the message. */
  function takeBack(bytes: number): void {
    if (dropped) dropped = { ...dropped, bytes: dropped.bytes - bytes }
    else if (wire.length > 0) wire.cut(wire.length - bytes)
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
      else takeBack(-ownBytes)
      if (!dropped) raw = withoutDots(wire.view()).subarray(lineEnd.length)
      return start + end + messageEnd.length
    },

    /** Gives up what came so far; the rest is read and thrown away. */
    giveUp(): void {
      isOutOfRoom = true
      drop(Buffer.alloc(0))
    },

    /** Once nobody needs the message any more. */
    free: wire.free,

    /** True: it is beyond what is kept, and read to its end only. */
    get isDropped(): boolean {
      return dropped !== null
    },

    /** True: it was not kept for want of memory, whatever its size. */
    get isOutOfRoom(): boolean {
      return isOutOfRoom
    },

    /** The message, or null when it is beyond what is kept. */
    get raw(): Buffer | null {
      return raw
    },

    get sizeBytes(): number {
      return raw ? raw.length : (dropped?.bytes ?? wire.length) - lineEnd.length
    },
  }
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
