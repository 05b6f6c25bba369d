/** The number of the current request; `starting` before the first; null: no work. */
export type ThreadWork = number | 'starting' | null

type Watched = {
  readonly work: () => ThreadWork
  readonly end: (work: ThreadWork) => void
  /** The processor time of the thread so far; null: unknown. */
  readonly processorMs: () => Promise<number | null>
}

const ticksPerLimit = 10
/** Loading a thread's files takes seconds on a busy machine and counts against no request. */
const maxStartMs = 30_000
/** A request that waits for processor or disk gets this many times its limit. */
const maxStretch = 10

/**
 * Calls `end` when a thread works on one request for too long. It counts processor time, so that a
 * busy machine makes no request late. While the thread cannot report it (inside an SQLite statement),
 * it counts elapsed time in ticks of the calling thread: while that thread is blocked, or the machine
 * sleeps, at most one tick passes.
 */
export function watchThread(maxRequestMs: number, { work, end, processorMs }: Watched) {
  const tickMs = maxRequestMs / ticksPerLimit
  const meter = createMeter(tickMs, processorMs)
  let timer: NodeJS.Timeout | null = null
  let seen: ThreadWork = null
  let ticks = 0
  let busyMs = 0

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }

  function tick(): void {
    const now = work()
    const spentMs = meter.spentMs()
    if (now !== seen) meter.forgive()
    ticks = now === seen ? ticks + 1 : 0
    busyMs = now === seen ? busyMs + spentMs : 0
    seen = now
    if (now === null) stop()
    if (now === null || !isLate(now)) return
    // A reply that has arrived is read before `setImmediate` calls back.
    setImmediate(() => {
      if (timer === null || now !== work()) return
      stop()
      end(now)
    })
  }

  function isLate(now: ThreadWork): boolean {
    if (now === 'starting') return ticks * tickMs >= maxStartMs
    const isBusy = busyMs + meter.silentMs() >= maxRequestMs
    return isBusy || ticks * tickMs >= maxRequestMs * maxStretch
  }

  return {
    /** Starts watching; call it again after each pause. */
    begin(): void {
      timer ??= setInterval(tick, tickMs).unref()
    },
    stop,
  }
}

/** Processor time by ticks. The thread is asked at each tick; its reply may be late or missing. */
function createMeter(tickMs: number, processorMs: () => Promise<number | null>) {
  let counted: number | null = null
  let reportedMs: number | null = null
  let isAsked = false
  let silentTicks = 0

  function ask(): void {
    isAsked = true
    const hear = (ms: number | null): void => {
      reportedMs = ms
      isAsked = false
    }
    processorMs().then(hear, () => hear(null))
  }

  return {
    /** For the ticks since the last reply; 0 while a reply is awaited. */
    spentMs(): number {
      if (isAsked) {
        silentTicks += 1
        return 0
      }
      const passedMs = (silentTicks + 1) * tickMs
      const isKnown = reportedMs !== null && counted !== null
      const spentMs = isKnown ? Math.min(passedMs, (reportedMs ?? 0) - (counted ?? 0)) : passedMs
      counted = reportedMs
      silentTicks = 0
      ask()
      return spentMs
    },

    /** The silence so far belongs to an earlier request. */
    forgive(): void {
      silentTicks = 0
    },

    /** Time without a reply, in ms. */
    silentMs: (): number => silentTicks * tickMs,
  }
}
