import type { ByteHold } from '../base/byte-budget.ts'
import { createGrowingBytes } from '../base/growing-bytes.ts'

const carriageReturn = 0x0d
const lineFeed = 0x0a
const dot = 0x2e
const lineEnd = Buffer.from('\r\n')
const lineWithDot = Buffer.from('\r\n.')
const messageEnd = Buffer.from('\r\n.\r\n')
/** The last bytes of dropped data, kept to find an end that is split between two reads. */
const tailBytes = messageEnd.length - 1

export type MessageData = ReturnType<typeof createMessageData>

/**
 * Message data (RFC 5321 §4.1.1.4): it ends at CR LF dot CR LF only, and loses the dots that
 * §4.5.2 adds. Data beyond `maxBytes`, or for which `memory` has no room, is dropped: read to its
 * end, and its memory freed.
 */
export function createMessageData(maxBytes: number, memory: Pick<ByteHold, 'grow' | 'close'>) {
  // In lines of one dot, dot-stuffing makes four bytes of three.
  const maxWireBytes = lineEnd.length + Math.ceil((maxBytes * 4) / 3) + tailBytes
  /** As received, after a line end, so that a dot in first place begins a line. */
  const wire = createGrowingBytes(maxWireBytes, memory.grow)
  let raw: Buffer | null = null
  /** Null: nothing is dropped. */
  let dropped: { readonly tail: Buffer; readonly bytes: number } | null = null
  let isOutOfMemory = false

  /** Most messages arrive in one piece without stuffed dots, and need no copy. */
  function takeWhole(bytes: Buffer, start: number): number {
    if (dropped || wire.length > 0 || bytes[start] === dot) return -1
    const end = bytes.indexOf(messageEnd, start)
    if (end === -1 || end - start > maxBytes) return -1
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
    if (!dropped) isOutOfMemory = wire.length + piece.length <= maxWireBytes
    drop(piece)
  }

  /** Keeps only the bytes that are needed to find the end. */
  function drop(piece: Buffer): void {
    const before = dropped ? dropped.bytes : Math.max(wire.length, lineEnd.length)
    const end = Buffer.concat([tail(), piece.subarray(-tailBytes)]).subarray(-tailBytes)
    dropped = { tail: end, bytes: before + piece.length }
    wire.free()
    memory.close()
  }

  /** Removes the last bytes, which belong to the end of the message. */
  function removeLast(bytes: number): void {
    if (dropped) dropped = { ...dropped, bytes: dropped.bytes - bytes }
    else if (wire.length > 0) wire.cut(wire.length - bytes)
  }

  /** Offset of the message end in `piece`; negative if it began before; null if there is none. */
  function findEnd(piece: Buffer): number | null {
    const before = tail()
    const seam = Buffer.concat([before, piece.subarray(0, tailBytes)]).indexOf(messageEnd)
    if (seam !== -1) return seam - before.length
    const end = piece.indexOf(messageEnd)
    return end === -1 ? null : end
  }

  return {
    /** Reads bytes from `start`. Returns the offset after the message; -1: it has not ended. */
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
      else removeLast(-ownBytes)
      if (!dropped) raw = removeDots(wire.view()).subarray(lineEnd.length)
      return start + end + messageEnd.length
    },

    /** Drops the data, for want of memory. */
    giveUp(): void {
      isOutOfMemory = true
      drop(Buffer.alloc(0))
    },

    /** Frees the memory; `raw` is not to be used any more. */
    free: wire.free,

    /** True: the data is too large, or there is no memory for it. */
    get isDropped(): boolean {
      return dropped !== null
    },

    /** True: it was dropped for want of memory, whatever its size. */
    get isOutOfMemory(): boolean {
      return isOutOfMemory
    },

    /** The message; null if it was dropped. */
    get raw(): Buffer | null {
      return raw
    },

    get sizeBytes(): number {
      return raw ? raw.length : (dropped?.bytes ?? wire.length) - lineEnd.length
    },
  }
}

/** Removes the first dot of each line, in place. */
function removeDots(bytes: Buffer): Buffer {
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
