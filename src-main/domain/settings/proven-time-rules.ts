/** How much time has passed for certain, beside a wall clock that may be set to anything. */
export type ProvenTime = {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** How far the wall clock was ahead of it (negative: behind) when they came apart; 0: nowhere. */
  readonly aheadMs: number
  /** For how long they have been apart. */
  readonly seenMs: number
}

/** Less than this is no jump. */
export const slackMs = 60_000
const believedAfterMs = 24 * 3_600_000

/**
 * Nothing is deleted for its age because a clock was set wrong: a time counts as passed when the
 * machine ran through it, asleep or awake. A wall clock that jumped is believed when the machine has
 * run for a day since, so that a wrong one can be put right before it costs anything; the time that
 * a machine was off counts a day later for the same reason.
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
  if (seenMs < believedAfterMs) return { at, aheadMs: known.aheadMs, seenMs }
  // A machine that is off every night jumps ahead anew each day; the first jump has been seen enough.
  return prove({ at: at + known.aheadMs, aheadMs: 0, seenMs: 0 }, wall, 0)
}
