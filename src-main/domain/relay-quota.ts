import type { Clock } from '../base/clock.ts'
import type { RelayRow } from './relay-rows.ts'

type Count = { day: number; sent: number }

const dayMs = 86_400_000

/** How many recipients each relay has been given today. Room is taken before a send, so that
 * sends under way at the same time do not pass a limit together. */
export function createRelayQuota(clock: Clock, saved: readonly RelayRow[]) {
  const counts = new Map<number, Count>(
    saved.map(({ id, day, sent_today: sent }) => [id, { day, sent }]),
  )
  const today = (): number => Math.floor(clock.now() / dayMs)

  function countOf(id: number): Count {
    const known = counts.get(id)
    if (known?.day === today()) return known
    const fresh = { day: today(), sent: 0 }
    counts.set(id, fresh)
    return fresh
  }

  function room({ id, daily_limit: limit }: Pick<RelayRow, 'id' | 'daily_limit'>): number {
    return limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - countOf(id).sent)
  }

  return {
    room,

    /** As many of `wanted` as there is room for; `settle` gives back what was not used. */
    take(row: Pick<RelayRow, 'id' | 'daily_limit'>, wanted: number) {
      const count = countOf(row.id)
      const taken = Math.min(wanted, room(row))
      count.sent += taken
      return {
        taken,
        settle(used: number): void {
          count.sent -= taken - used
        },
      }
    },

    sentToday: (id: number): number => countOf(id).sent,
    today,
    forget: (id: number): void => void counts.delete(id),

    /** When every relay has its whole limit again. */
    nextMidnight: (): number => (today() + 1) * dayMs,
  }
}
