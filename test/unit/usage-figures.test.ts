import { describe, expect, it } from 'vitest'
import { deltaOf, type Good } from '../../src-renderer/features/usage/delta.ts'
import {
  customRange,
  refreshMsOf,
  spanOf,
  zoomTo,
} from '../../src-renderer/features/usage/usage-range.ts'

type Case = readonly [now: number | null, before: number | null, good: Good, found: string | null]

const cases: readonly Case[] = [
  [12, 10, 'neither', 'up plain 20'],
  [12, 10, 'more', 'up good 20'],
  [12, 10, 'less', 'up bad 20'],
  [5, 10, 'less', 'down good -50'],
  [5, 10, 'more', 'down bad -50'],
  [5, 0, 'less', 'up bad new'],
  [0, 0, 'less', 'same plain 0'],
  [null, 3, 'less', null],
  [3, null, 'less', null],
]

describe('The change of a figure', () => {
  it.each(cases)('%s after %s, where %s is good, is %s', (now, before, good, found) => {
    const delta = deltaOf(now, before, good)
    const size = delta?.fraction === null ? 'new' : Math.round((delta?.fraction ?? 0) * 100)
    expect(delta && `${delta.direction} ${delta.tone} ${size}`).toBe(found)
  })
})

describe('A range', () => {
  const now = Date.parse('2026-01-15T10:30:00Z')
  const series = [10, 11, 12, 13].map((hour) => ({ at: `2026-01-15T${hour}:00:00.000Z` }))

  it('A preset range ends now', () => {
    expect(spanOf({ type: 'preset', preset: '1h' }, now)).toEqual({
      from: '2026-01-15T09:30:00.000Z',
    })
  })

  it.each([
    [1, 2, '2026-01-15T11:00:00.000Z', '2026-01-15T13:00:00.000Z'],
    [2, 1, '2026-01-15T11:00:00.000Z', '2026-01-15T13:00:00.000Z'],
    [0, 3, '2026-01-15T10:00:00.000Z', '2026-01-15T14:00:00.000Z'],
  ])('A range from bucket %s to bucket %s includes both buckets', (start, end, from, to) => {
    expect(zoomTo(series, start, end)).toEqual({ type: 'custom', from, to })
  })

  it('A click creates no range', () => {
    expect(zoomTo(series, 2, 2)).toBeNull()
    expect(zoomTo([], 0, 1)).toBeNull()
  })

  it('An invalid time creates no range', () => {
    expect(customRange('2026-01-15T10:00', 'soon')).toBeNull()
    expect(customRange('2026-01-15T10:00', '2026-01-15T10:00')).toBeNull()
    expect(customRange('2026-01-15T10:00', '2026-01-15T11:00')).not.toBeNull()
  })

  it('A longer range reloads less often', () => {
    const presets = ['1h', '7d', '1y'] as const
    const pauses = presets.map((preset) => refreshMsOf({ type: 'preset', preset }))
    expect(pauses).toEqual([1000, 5000, 30_000])
  })
})
