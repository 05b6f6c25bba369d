import { expect, it } from 'vitest'
import { createMessageData } from '../../src-main/smtp/message-data.ts'
import { stuffed } from '../smtp/conversation.ts'

const limitBytes = 50
const endless = { grow: () => true, close: () => undefined }

/** Feeds `wire` and a following command in pieces of `step` bytes; returns the rest. */
function feed(wire: Buffer, step: number) {
  const data = createMessageData(limitBytes, endless)
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
  '%i bytes of %j are read whole for every cut into pieces',
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

/** Feeds lines of text and their end in pieces; returns the largest size of the buffer. */
function feedLines(data: ReturnType<typeof createMessageData>, count: number): void {
  const piece = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(16))
  for (let fed = 0; fed < count; fed++) expect(data.take(piece, 0)).toBe(-1)
  expect(data.take(Buffer.from('.\r\nNOOP'), 0)).toBe(3)
}

/** A budget of `maxBytes`, and its used bytes. */
function roomOf(maxBytes: number) {
  let taken = 0
  return {
    grow(bytes: number): boolean {
      if (taken + bytes > maxBytes) return false
      taken += bytes
      return true
    },
    close(): void {
      taken = 0
    },
    taken: () => taken,
  }
}

it.each([0, 1, 20_000, 500_000])(
  'Beyond %i bytes of budget no data is kept, the budget is freed, and the end is found',
  (maxBytes) => {
    const room = roomOf(maxBytes)
    const data = createMessageData(1_000_000, room)
    feedLines(data, 40)
    expect(data).toMatchObject({ raw: null, isOutOfMemory: true, sizeBytes: 640_000 })
    expect(room.taken()).toBe(0)
  },
)

it('A message that is dropped half-way frees its memory and is read to its end', () => {
  const room = roomOf(1_000_000)
  const data = createMessageData(1_000_000, room)
  data.take(Buffer.from('Subject: half\r\n\r'), 0)
  expect(room.taken()).toBeGreaterThan(0)
  data.giveUp()
  expect(room.taken()).toBe(0)
  expect(data.take(Buffer.from('\n.\r\nNOOP'), 0)).toBe(4)
  expect(data).toMatchObject({ raw: null, isOutOfMemory: true })
})

it('A message over the size limit is refused for its size, and holds no memory', () => {
  const room = roomOf(10_000_000)
  const data = createMessageData(100_000, room)
  feedLines(data, 1000)
  expect(data).toMatchObject({ raw: null, isOutOfMemory: false, sizeBytes: 16_000_000 })
  expect(room.taken()).toBe(0)
})
