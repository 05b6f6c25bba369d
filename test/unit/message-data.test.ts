import { expect, it } from 'vitest'
import { createMessageData } from '../../src-main/doors/smtp/message-data.ts'
import { stuffed } from '../smtp/conversation.ts'

const limitBytes = 50

/** Feeds `wire` in pieces of `step` bytes and what comes behind it; answers what was left over. */
function feed(wire: Buffer, step: number) {
  const data = createMessageData(limitBytes)
  const all = Buffer.concat([wire, Buffer.from('NOOP\r\n')])
  for (let start = 0; start < all.length; start += step) {
    const piece = Buffer.concat([Buffer.from('##'), all.subarray(start, start + step)])
    const behind = data.take(piece, 2)
    if (behind === -1) continue
    const rest = Buffer.concat([piece.subarray(behind), all.subarray(start + step)])
    return { data, rest: rest.toString() }
  }
  throw new Error('The end was not found')
}

const lengths = [0, 1, 2, 3, 10, 48, 49, 50, 51, 60, 70, 200, 1000]
const fillings = ['x', '.', '\r\n', '.\r\n', 'x\r\n.', '\n.\r']

it.each(lengths.flatMap((length) => fillings.map((filling) => [length, filling] as const)))(
  '%i bytes of %j, cut everywhere',
  (length, filling) => {
    const text = Buffer.alloc(length, filling)
    const raw = text.length === 0 || text.toString().endsWith('\r\n') ? text : `${text}\r\n`
    const wire = stuffed(text)
    for (let step = 1; step <= Math.min(wire.length + 6, 80); step += 1) {
      const { data, rest } = feed(wire, step)
      expect(rest).toBe('NOOP\r\n')
      if (raw.length <= limitBytes) expect(data.raw?.toString()).toBe(raw.toString())
      // A little more than the limit may be kept, since dots are doubled on the wire.
      else expect(data.raw?.toString() ?? raw.toString()).toBe(raw.toString())
      if (data.raw === null) expect(data.sizeBytes).toBeGreaterThan(limitBytes)
      if (raw.length > limitBytes * 2) expect(data.raw).toBeNull()
    }
  },
)
