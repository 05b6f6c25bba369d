import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFollowUp } from '../../src-renderer/app/follow-up.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('A screen reloads three times after a change, for the late results of a busy server', () => {
  const looks: number[] = []
  const start = Date.now()
  const followUp = createFollowUp(() => looks.push(Date.now() - start), 400)
  followUp.schedule()
  vi.advanceTimersByTime(60_000)
  expect(looks).toEqual([400, 1600, 5200])
})

it('Continuous events reload a screen at intervals, and once after the last event', () => {
  const looks: number[] = []
  const start = Date.now()
  const followUp = createFollowUp(
    () => looks.push(Date.now() - start),
    () => 1000,
  )
  for (let count = 0; count < 25; count++) {
    followUp.schedule()
    vi.advanceTimersByTime(100)
  }
  vi.advanceTimersByTime(60_000)
  expect(looks).toEqual([1000, 2000, 3000, 6000, 15_000])
})

it('A closed screen does not reload', () => {
  let looks = 0
  const followUp = createFollowUp(() => {
    looks += 1
  }, 400)
  followUp.schedule()
  followUp.stop()
  vi.advanceTimersByTime(60_000)
  expect(looks).toBe(0)
  followUp.schedule()
  vi.advanceTimersByTime(400)
  expect(looks).toBe(1)
})
