import type { Database } from '../../storage/database.ts'
import { untilReleased } from '../../storage/restored-queue.ts'

/** SQL for the delay in ms before the next attempt, by the number of attempts made. */
export const delaySql = (delaysMs: readonly number[]): string => `
  CASE WHEN attempts = 0 THEN 0
    ${delaysMs.map((delayMs, index) => `WHEN attempts <= ${index + 1} THEN ${delayMs}`).join(' ')}
    ELSE ${delaysMs.at(-1) ?? 0} END
`

/**
 * A next attempt lies further ahead than its own delay only when the clock was set back since. The
 * returned function moves such times of `table` to now plus the delay, so that a retry is late by no
 * more than that. `delay` is SQL, in ms.
 */
export function createPullBack(
  database: Database,
  now: () => number,
  table: string,
  delay: string,
) {
  const pull = database.prepare<{ now: number }>(`
    UPDATE ${table} SET next_attempt_at = $now + ${delay}
    WHERE next_attempt_at > $now AND next_attempt_at > $now + ${delay}
      AND next_attempt_at < ${untilReleased}
  `)
  return (): void => void pull.run({ now: now() })
}
