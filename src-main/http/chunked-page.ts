import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'

const longBytes = 32 * 1024
const firstChunkBytes = 12 * 1024
/** Two frames of a screen, so that the browser paints the first chunk. */
const pauseMs = 32

/**
 * A long page in two chunks. A browser that has the whole page lays it out before it paints; while it
 * waits for the second chunk it paints the first.
 */
export function chunkedPage(page: Buffer): Buffer | Readable {
  if (page.length < longBytes) return page
  return Readable.from(inTwoChunks(page))
}

async function* inTwoChunks(page: Buffer): AsyncGenerator<Buffer> {
  yield page.subarray(0, firstChunkBytes)
  await setTimeout(pauseMs)
  yield page.subarray(firstChunkBytes)
}
