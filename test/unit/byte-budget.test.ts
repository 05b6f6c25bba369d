import { describe, expect, it } from 'vitest'
import { createByteBudget, maxBytesUnderWay } from '../../src-main/base/byte-budget.ts'
import { createTestClock } from '../test-clock.ts'

const mebibyte = 1024 * 1024
const free = 64 * 1024

function openBudget() {
  const clock = createTestClock()
  return { clock, budget: createByteBudget({ clock, maxBytes: 10 * mebibyte }) }
}

describe('The byte budget', () => {
  it('All messages share one limit, and closing a message frees its bytes', () => {
    const { budget } = openBudget()
    const holds = Array.from({ length: 10 }, () => budget.open(null))
    for (const hold of holds) expect(hold.grow(mebibyte)).toBe(true)
    const late = budget.open(null)
    expect(late.grow(mebibyte)).toBe(false)
    holds[0]?.close()
    expect(late.grow(mebibyte)).toBe(true)
    for (const hold of [...holds, late]) hold.close()
    expect(budget.usedBytes).toBe(0)
  })

  it('A small message always fits', () => {
    const { budget } = openBudget()
    expect(budget.open(null).grow(10 * mebibyte)).toBe(true)
    for (let count = 0; count < 1000; count++) expect(budget.open(null).grow(free)).toBe(true)
  })

  it('Refused bytes are not counted, so the rest of the message fits', () => {
    const { budget } = openBudget()
    const hold = budget.open(null)
    expect(hold.grow(11 * mebibyte)).toBe(false)
    expect(budget.usedBytes).toBe(0)
    expect(hold.grow(mebibyte)).toBe(true)
  })

  it('A stalled message gives up its bytes to others, the oldest first', () => {
    const { budget, clock } = openBudget()
    const given: string[] = []
    const openNamed = (name: string) => {
      const hold = budget.open(() => {
        given.push(name)
        hold.close()
      })
      return hold
    }
    openNamed('silent').grow(4 * mebibyte)
    const dripping = openNamed('dripping')
    dripping.grow(3 * mebibyte)
    const steady = openNamed('steady')
    steady.grow(3 * mebibyte)
    const pass = (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1_000)
        dripping.touch(100)
        steady.touch(100_000)
      }
    }
    pass(4)
    const late = openNamed('late')
    expect(late.grow(mebibyte)).toBe(false)
    pass(6)
    expect(late.grow(mebibyte)).toBe(true)
    expect(given).toEqual(['silent'])
    pass(60)
    expect(late.grow(5 * mebibyte)).toBe(true)
    expect(given).toEqual(['silent', 'dripping'])
    // An active message keeps its bytes, and a growing one does not evict itself.
    expect(late.grow(5 * mebibyte)).toBe(false)
    expect(given).toEqual(['silent', 'dripping'])
  })
})

describe('A client that has sent no message bytes', () => {
  it('A client waits until bytes are free', async () => {
    const { budget } = openBudget()
    const full = budget.open(null)
    full.grow(10 * mebibyte)
    const turn = budget.waitForRoom(mebibyte)
    full.close()
    expect(await turn).toBe(true)
  })

  it('A small message and one that never fits do not wait', async () => {
    const { budget } = openBudget()
    budget.open(null).grow(10 * mebibyte)
    expect(await budget.waitForRoom(free)).toBe(true)
    expect(await budget.waitForRoom(11 * mebibyte)).toBe(false)
  })

  it('A client is refused after ten seconds, unless another message had as long to finish', async () => {
    const { budget, clock } = openBudget()
    const kept = budget.open(null)
    kept.grow(10 * mebibyte)
    const inVain = budget.waitForRoom(mebibyte)
    clock.advance(10_000)
    expect(await inVain).toBe(false)
    kept.close()
    const slow = budget.open(() => slow.close())
    slow.grow(10 * mebibyte)
    const turn = budget.waitForRoom(mebibyte)
    clock.advance(10_000)
    expect(await turn).toBe(true)
  })
})

it('Two half-received messages that need more than the limit never wait for each other', () => {
  const { budget } = openBudget()
  const halves = [budget.open(null), budget.open(null)]
  for (const half of halves) expect(half.grow(5 * mebibyte + free)).toBe(true)
  // One is refused and closes, which frees the bytes for the other.
  expect(halves.map((half) => half.grow(mebibyte))).toEqual([false, false])
  halves[0]?.close()
  expect(halves[1]?.grow(mebibyte)).toBe(true)
})

it('The limit lies between 128 and 256 MiB, so that the largest body fits on any machine', () => {
  expect(maxBytesUnderWay()).toBeGreaterThanOrEqual(128 * mebibyte)
  expect(maxBytesUnderWay()).toBeLessThanOrEqual(256 * mebibyte)
})
