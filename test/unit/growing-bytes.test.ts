import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createGrowingBytes } from '../../src-main/base/growing-bytes.ts'

const mebibyte = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

it.each([1, 1000, 16_384, 70_000, 300_000])(
  'Pieces of %i bytes form one view of all bytes, and are counted as they grow',
  (pieceBytes) => {
    let counted = 0
    const bytes = createGrowingBytes(3 * mebibyte, (more) => {
      counted += more
      return true
    })
    const all = randomBytes(Math.min(pieceBytes * 200, 2_500_000))
    for (let at = 0; at < all.length; at += pieceBytes)
      expect(bytes.append(all.subarray(at, at + pieceBytes))).toBe(true)
    expect(bytes.view().equals(all)).toBe(true)
    expect(counted).toBeGreaterThanOrEqual(all.length)
    expect(counted).toBeLessThan(Math.max(16_385, all.length * 2, all.length + mebibyte))
    bytes.cut(all.length - 1)
    expect(bytes.view().equals(all.subarray(0, -1))).toBe(true)
  },
)

it('Bytes over the limit or the budget are not taken, and the bytes before them stay', () => {
  const small = createGrowingBytes(10, () => true)
  expect(small.append(Buffer.from('0123456789'))).toBe(true)
  expect(small.append(Buffer.from('x'))).toBe(false)
  expect(small.view().toString()).toBe('0123456789')
  const stuck = createGrowingBytes(mebibyte, (more) => more <= 20_000)
  expect(stuck.append(Buffer.alloc(16_000, 'a'))).toBe(true)
  expect(stuck.append(Buffer.alloc(100_000, 'b'))).toBe(false)
  expect(stuck.view().equals(Buffer.alloc(16_000, 'a'))).toBe(true)
})

it('Large buffers leave memory as soon as they are freed', () => {
  // Bytes that earlier tests left are freed now, not while this test counts.
  collectGarbage()
  const before = process.memoryUsage().external
  const all = Array.from({ length: 8 }, () => createGrowingBytes(32 * mebibyte, () => true))
  const piece = Buffer.alloc(mebibyte, 1)
  for (const bytes of all) for (let count = 0; count < 24; count++) bytes.append(piece)
  const grown = process.memoryUsage().external - before
  for (const bytes of all) bytes.free()
  const left = process.memoryUsage().external - before
  expect(grown).toBeGreaterThan(150 * mebibyte)
  expect(left).toBeLessThan(grown / 4)
})
