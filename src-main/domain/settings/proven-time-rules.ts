/** The time that has passed for certain; the wall clock may be set to anything. */
export type ProvenTime = {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** Lead of the wall clock (negative: lag) since its last jump; 0: none. */
  readonly aheadMs: number
  /** Running time since that jump. */
  readonly seenMs: number
}

/** A smaller difference is no jump. */
export const slackMs = 60_000
const acceptedAfterMs = 24 * 3_600_000

/**
 * Keeps a wrong clock from deleting mail for its age. Time counts as passed when the machine ran
 * through it, asleep or awake. A jump of the wall clock counts after the machine has run for another
 * day, so that the clock can be corrected first. Time in which the machine was off counts a day later
 * for the same reason.
 */
export function prove(known: ProvenTime, wall: number, passedMs: number): ProvenTime {
  const at = known.at + passedMs
  const aheadMs = wall - at
  if (Math.abs(aheadMs) <= slackMs) return { at: wall, aheadMs: 0, seenMs: 0 }
  const isSame =
    known.aheadMs !== 0 &&
    Math.sign(aheadMs) === Math.sign(known.aheadMs) &&
    Math.abs(aheadMs) >= Math.abs(known.aheadMs) - slackMs
  if (!isSame) return { at, aheadMs, seenMs: 0 }
  const seenMs = known.seenMs + passedMs
  if (seenMs < acceptedAfterMs) return { at, aheadMs: known.aheadMs, seenMs }
  // A machine that is off every night jumps each day; accept the first jump, then compare again.
  return prove({ at: at + known.aheadMs, aheadMs: 0, seenMs: 0 }, wall, 0)
}
