/**
 * Looks for what the server works out behind an event: when it should be there, and twice more, each
 * time later, because a busy server takes longer. Events that come before a first look share it.
 */
export function createFollowUp(look: () => void, soonMs: number | (() => number)) {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isFirst = false

  function schedule(waits: readonly number[]): void {
    const [wait, ...others] = waits
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (wait === undefined) return
    timer = setTimeout(() => {
      isFirst = false
      schedule(others)
      look()
    }, wait)
  }

  return {
    heard(): void {
      if (isFirst) return
      isFirst = true
      const soon = typeof soonMs === 'number' ? soonMs : soonMs()
      schedule([soon, soon * 3, soon * 9])
    },
    stop(): void {
      isFirst = false
      schedule([])
    },
  }
}
