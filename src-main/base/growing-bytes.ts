export type GrowingBytes = ReturnType<typeof createGrowingBytes>

const firstBytes = 16 * 1024
/** Larger contents get memory pages of their own. */
const pagedBytes = 256 * 1024
const stepBytes = 1024 * 1024

/**
 * Bytes that arrive in pieces, in one buffer. A large buffer has memory pages of its own, which grow
 * without a copy and return to the system as soon as they are freed. Otherwise the memory of large
 * messages would wait for a garbage collection that nothing triggers, and then stay with the
 * allocator.
 */
export function createGrowingBytes(maxBytes: number, mayGrow: (bytes: number) => boolean) {
  let buffer: Buffer = Buffer.alloc(0)
  let pages: ArrayBuffer | null = null
  let length = 0

  function sizeFor(neededBytes: number): number {
    if (neededBytes > pagedBytes) return Math.ceil(neededBytes / stepBytes) * stepBytes
    return Math.max(neededBytes, buffer.length * 2, firstBytes)
  }

  function makeRoom(neededBytes: number): boolean {
    if (neededBytes > maxBytes) return false
    if (neededBytes <= buffer.length) return true
    const sizeBytes = Math.min(sizeFor(neededBytes), maxBytes)
    if (!mayGrow(sizeBytes - buffer.length)) return false
    if (pages) {
      pages.resize(sizeBytes)
      buffer = Buffer.from(pages, 0, sizeBytes)
      return true
    }
    pages = sizeBytes > pagedBytes ? new ArrayBuffer(sizeBytes, { maxByteLength: maxBytes }) : null
    const grown = pages ? Buffer.from(pages, 0, sizeBytes) : Buffer.allocUnsafeSlow(sizeBytes)
    buffer.copy(grown, 0, 0, length)
    buffer = grown
    return true
  }

  return {
    get length(): number {
      return length
    },

    /** False: the limit is reached or growing was refused; nothing of the piece is kept. */
    append(piece: Buffer): boolean {
      if (!makeRoom(length + piece.length)) return false
      piece.copy(buffer, length)
      length += piece.length
      return true
    },

    cut(toBytes: number): void {
      length = toBytes
    },

    /** Valid until the bytes are freed. */
    view: (): Buffer => buffer.subarray(0, length),

    free(): void {
      pages?.resize(0)
      pages = null
      buffer = Buffer.alloc(0)
      length = 0
    },
  }
}
