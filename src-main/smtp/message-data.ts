import type { ByteHold } from '../base/byte-budget.ts'
import { createGrowingBytes, type GrowingBytes } from '../base/growing-bytes.ts'

const carriageReturn = 0x0d
const lineFeed = 0x0a
const dot = 0x2e
const lineEnd = Buffer.from('\r\n')
const lineWithDot = Buffer.from('\r\n.')
const messageEnd = Buffer.from('\r\n.\r\n')
/** The last bytes of dropped data, kept to find an end that is split between two reads. */
const tailBytes = messageEnd.length - 1

export type MessageData = ReturnType<typeof createMessageData>

type Memory = Pick<ByteHold, 'grow' | 'close'>

type DataState = {
  readonly maxBytes: number
  readonly maxWireBytes: number
  readonly memory: Memory
  /** As received, after a line end, so that a dot in first place begins a line. */
  readonly wire: GrowingBytes
  raw: Buffer | null
  /** Null: nothing is dropped. */
  dropped: { readonly tail: Buffer; readonly bytes: number } | null
  isOutOfMemory: boolean
}

/**
 * Message data (RFC 5321 §4.1.1.4): it ends at CR LF dot CR LF only, and loses the dots that
 * §4.5.2 adds. Data beyond `maxBytes`, or for which `memory` has no room, is dropped: read to its
 * end, and its memory freed.
 */
export function createMessageData(maxBytes: number, memory: Memory) {
  // In lines of one dot, dot-stuffing makes four bytes of three.
  const maxWireBytes = lineEnd.length + Math.ceil((maxBytes * 4) / 3) + tailBytes
  const wire = createGrowingBytes(maxWireBytes, memory.grow)
  const state: DataState = {
    maxBytes,
    maxWireBytes,
    memory,
    wire,
    raw: null,
    dropped: null,
    isOutOfMemory: false,
  }

  return {
    /** Reads bytes from `start`. Returns the offset after the message; -1: it has not ended. */
    take: (bytes: Buffer, start: number): number => take(state, bytes, start),

    /** Drops the data, for want of memory. */
    giveUp(): void {
      state.isOutOfMemory = true
      drop(state, Buffer.alloc(0))
    },

    /** Frees the memory; `raw` is not to be used any more. */
    free: wire.free,

    /** True: the data is too large, or there is no memory for it. */
    get isDropped(): boolean {
      return state.dropped !== null
    },

    /** True: it was dropped for want of memory, whatever its size. */
    get isOutOfMemory(): boolean {
      return state.isOutOfMemory
    },

    /** The message; null if it was dropped. */
    get raw(): Buffer | null {
      return state.raw
    },

    get sizeBytes(): number {
      const { raw, dropped } = state
      return raw ? raw.length : (dropped?.bytes ?? wire.length) - lineEnd.length
    },
  }
}

function take(state: DataState, bytes: Buffer, start: number): number {
  const behind = takeWhole(state, bytes, start)
  if (behind !== -1) return behind
  const piece = bytes.subarray(start)
  const end = findEnd(state, piece)
  if (end === null) {
    append(state, piece)
    return -1
  }
  const ownBytes = end + lineEnd.length
  if (ownBytes > 0) append(state, piece.subarray(0, ownBytes))
  else removeLast(state, -ownBytes)
  if (!state.dropped) state.raw = removeDots(state.wire.view()).subarray(lineEnd.length)
  return start + end + messageEnd.length
}

/** Most messages arrive in one piece without stuffed dots, and need no copy. */
function takeWhole(state: DataState, bytes: Buffer, start: number): number {
  if (state.dropped || state.wire.length > 0 || bytes[start] === dot) return -1
  const end = bytes.indexOf(messageEnd, start)
  if (end === -1 || end - start > state.maxBytes) return -1
  if (bytes.indexOf(lineWithDot, start) !== end) return -1
  state.raw = bytes.subarray(start, end + lineEnd.length)
  return end + messageEnd.length
}

/** Offset of the message end in `piece`; negative if it began before; null if there is none. */
function findEnd(state: DataState, piece: Buffer): number | null {
  const before = tailOf(state)
  const seam = Buffer.concat([before, piece.subarray(0, tailBytes)]).indexOf(messageEnd)
  if (seam !== -1) return seam - before.length
  const end = piece.indexOf(messageEnd)
  return end === -1 ? null : end
}

function tailOf({ dropped, wire }: DataState): Buffer {
  if (dropped) return dropped.tail
  return wire.length === 0 ? lineEnd : wire.view().subarray(-tailBytes)
}

function append(state: DataState, piece: Buffer): void {
  const { dropped, wire, maxWireBytes } = state
  const isKept = !dropped && (wire.length > 0 || wire.append(lineEnd)) && wire.append(piece)
  if (isKept) return
  if (!dropped) state.isOutOfMemory = wire.length + piece.length <= maxWireBytes
  drop(state, piece)
}

/** Keeps only the bytes that are needed to find the end. */
function drop(state: DataState, piece: Buffer): void {
  const { dropped, wire, memory } = state
  const before = dropped ? dropped.bytes : Math.max(wire.length, lineEnd.length)
  const tail = Buffer.concat([tailOf(state), piece.subarray(-tailBytes)]).subarray(-tailBytes)
  state.dropped = { tail, bytes: before + piece.length }
  wire.free()
  memory.close()
}

/** Removes the last bytes, which belong to the end of the message. */
function removeLast(state: DataState, bytes: number): void {
  const { dropped, wire } = state
  if (dropped) state.dropped = { ...dropped, bytes: dropped.bytes - bytes }
  else if (wire.length > 0) wire.cut(wire.length - bytes)
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
