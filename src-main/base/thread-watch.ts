/** The number of the request being worked on, `starting` before the first, null for no work. */
export type ThreadWork = number | 'starting' | null

const ticksPerLimit = 10
/** Reading the files of a thread takes seconds on a busy machine, and is no request's fault. */
const maxStartMs = 30_000

/**
 * Calls `end` when a thread stays at the same work for too long. Time is counted in ticks of the
 * calling thread: while that is blocked itself, or the machine sleeps, at most one tick passes.
 */
export function watchThread(
  maxRequestMs: number,
  work: () => ThreadWork,
  end: (work: ThreadWork) => void,
) {
  const tickMs = maxRequestMs / ticksPerLimit
  let timer: NodeJS.Timeout | null = null
  let seen: ThreadWork = null
  let ticks = 0

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }

  function tick(): void {
    const now = work()
    ticks = now === seen ? ticks + 1 : 0
    seen = now
    if (now === null) stop()
    if (now === null || ticks * tickMs < (now === 'starting' ? maxStartMs : maxRequestMs)) return
    // An answer that has arrived is read before `setImmediate` calls back.
    setImmediate(() => {
      if (timer === null || now !== work()) return
      stop()
      end(now)
    })
  }

  return {
    /** There is work; needed again after each pause. */
    begin(): void {
      timer ??= setInterval(tick, tickMs).unref()
    },
    stop,
  }
}
