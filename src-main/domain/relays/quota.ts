import type { Clock } from '../../base/clock.ts'
import { type DayCount, turnTo } from '../limits/day-count.ts'
import type { RelayRow } from './rows.ts'

export type RelayQuota = ReturnType<typeof createRelayQuota>

const dayMs = 86_400_000

/**
 * Counts the recipients of each relay today. Quota is taken before a send, so that parallel sends do
 * not exceed a limit together.
 */
export function createRelayQuota(clock: Clock, saved: readonly RelayRow[]) {
  const counts = new Map<number, DayCount>(
    saved.map(({ id, day, sent_today: sent }) => [id, { day, used: sent, others: [] }]),
  )
  const today = (): number => Math.floor(clock.now() / dayMs)

  function countOf(id: number): DayCount {
    const count = counts.get(id) ?? { day: today(), used: 0, others: [] }
    turnTo(count, today())
    counts.set(id, count)
    return count
  }

  function room({ id, daily_limit: limit }: Pick<RelayRow, 'id' | 'daily_limit'>): number {
    return limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - countOf(id).used)
  }

  return {
    room,

    /** Takes up to `wanted` from the quota; `settle` returns the unused part. */
    take(row: Pick<RelayRow, 'id' | 'daily_limit'>, wanted: number) {
      const count = countOf(row.id)
      const taken = Math.min(wanted, room(row))
      count.used += taken
      return {
        taken,
        settle(used: number): void {
          count.used -= taken - used
        },
      }
    },

    sentToday: (id: number): number => countOf(id).used,
    today,
    forget: (id: number): void => void counts.delete(id),

    /** The time at which every relay has its whole limit again. */
    nextMidnight: (): number => (today() + 1) * dayMs,
  }
}
