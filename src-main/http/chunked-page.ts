import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'

const longBytes = 32 * 1024
const beginningBytes = 12 * 1024
/** Two frames of a screen: time to paint the beginning. */
const pauseMs = 32

/**
 * A long page in two goes. A browser that has all of a page lays all of it out before it paints; one
 * that waits for the rest paints what it has, and its reader looks at the beginning anyway.
 */
export function beginningFirst(page: Buffer): Buffer | Readable {
  if (page.length < longBytes) return page
  return Readable.from(inTwoGoes(page))
}

async function* inTwoGoes(page: Buffer): AsyncGenerator<Buffer> {
  yield page.subarray(0, beginningBytes)
  await setTimeout(pauseMs)
  yield page.subarray(beginningBytes)
}
