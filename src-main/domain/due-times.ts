import type { Database } from '../storage/database.ts'
import { untilReleased } from '../storage/restored-queue.ts'
import { retryDelaysMs } from './delivery-rules.ts'
import { webhookRetryDelaysMs } from './webhook-rules.ts'

const dayMs = 86_400_000

/**
 * A time to try again lies no further ahead than the delay that led to it; further ahead, the clock
 * was set back since. Answers how to pull such times back to what they can be at most, so that a
 * retry is late by no more than its own delay, however far the clock went.
 */
export function createPullBack(database: Database, now: () => number) {
  const longest = (delays: readonly number[]) => `
    CASE ${delays.map((delayMs, index) => `WHEN attempts <= ${index + 1} THEN ${delayMs}`).join(' ')}
      ELSE ${delays.at(-1) ?? 0} END
  `
  const pull = (table: string, delay: string) =>
    database.prepare<{ now: number }>(`
      UPDATE ${table} SET next_attempt_at = $now + ${delay}
      WHERE next_attempt_at > $now AND next_attempt_at > $now + ${delay}
        AND next_attempt_at < ${untilReleased}
    `)
  // Mail that waits for a relay to have room waits until midnight at most.
  const deliveries = pull(
    'deliveries',
    `CASE WHEN held = 1 THEN ${dayMs} WHEN attempts = 0 THEN 0 ELSE ${longest(retryDelaysMs)} END`,
  )
  const webhooks = pull(
    'webhook_deliveries',
    `CASE WHEN attempts = 0 THEN 0 ELSE ${longest(webhookRetryDelaysMs)} END`,
  )
  return {
    deliveries: (): void => void deliveries.run({ now: now() }),
    webhooks: (): void => void webhooks.run({ now: now() }),
  }
}
