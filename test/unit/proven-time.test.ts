import { expect, it } from 'vitest'
import { type ProvenTime, prove } from '../../src-main/domain/settings/proven-time-rules.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const yearMs = 365 * dayMs
const start: ProvenTime = { at: 0, aheadMs: 0, seenMs: 0 }

/** Advances hour by hour with a wall clock that is `aheadMs` ahead. */
function run(from: ProvenTime, hours: number, aheadMs: (hour: number) => number): ProvenTime {
  let known = from
  for (let hour = 1; hour <= hours; hour++)
    known = prove(known, from.at + hour * hourMs + aheadMs(hour), hourMs)
  return known
}

it.each([
  ['right', 0],
  ['ahead by a second an hour', 1000],
])('A wall clock that is %s is followed', (_name, driftMs) => {
  const known = run(start, 100, (hour) => hour * driftMs)
  expect(known).toEqual({ at: 100 * hourMs + 100 * driftMs, aheadMs: 0, seenMs: 0 })
})

it.each([-yearMs, -hourMs, hourMs, dayMs, 10 * yearMs])(
  'A wall clock that jumps by %i ms and back within a day neither loses nor gains time',
  (ms) => {
    expect(run(start, 20, (hour) => (hour < 15 ? ms : 0))).toEqual({ ...start, at: 20 * hourMs })
  },
)

it.each([-yearMs, -hourMs, hourMs, yearMs])(
  'A wall clock that jumps by %i ms and stays is trusted after a day',
  (ms) => {
    expect(run(start, 24, () => ms).at).toBe(24 * hourMs)
    expect(run(start, 26, () => ms).at).toBe(26 * hourMs + ms)
  },
)

it('A machine that is off every night is at most days behind, and never ahead', () => {
  let known = start
  let furthest = 0
  for (let day = 0; day < 60; day++) {
    for (let hour = 0; hour < 8; hour++) {
      const wall = day * dayMs + hour * hourMs
      known = prove(known, wall, hour === 0 ? 0 : hourMs)
      expect(known.at).toBeLessThanOrEqual(wall)
      furthest = Math.max(furthest, wall - known.at)
    }
  }
  expect(furthest).toBeLessThanOrEqual(5 * dayMs)
})

it('A wall clock that jumps at random proves only the time that the machine ran', () => {
  expect(run(start, 200, (hour) => (hour % 2 === 0 ? yearMs : -yearMs)).at).toBe(200 * hourMs)
})
