/**
 * Runs `refresh` after an event whose results the server computes in the background: once after
 * `delayMs`, then twice more at growing intervals, because a busy server takes longer. Events that
 * arrive before the first run share it.
 */
export function createFollowUp(refresh: () => void, delayMs: number | (() => number)) {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isFirstPending = false

  function runAfter(delays: readonly number[]): void {
    const [delay, ...later] = delays
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (delay === undefined) return
    timer = setTimeout(() => {
      isFirstPending = false
      runAfter(later)
      refresh()
    }, delay)
  }

  return {
    schedule(): void {
      if (isFirstPending) return
      isFirstPending = true
      const firstMs = typeof delayMs === 'number' ? delayMs : delayMs()
      runAfter([firstMs, firstMs * 3, firstMs * 9])
    },
    stop(): void {
      isFirstPending = false
      runAfter([])
    },
  }
}
