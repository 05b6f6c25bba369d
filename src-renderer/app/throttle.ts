import { isAbort } from './request.ts'

const maxPauseMs = 500

/**
 * Runs `work` now. Calls during the run and the pause after it lead to one further run. Pauses grow
 * while calls keep coming, so that a flood of events does not become a flood of requests.
 */
export function throttle(work: () => Promise<void>, minPauseMs: number): () => void {
  let isBusy = false
  let isRequested = false
  async function run() {
    isBusy = true
    let pauseMs = minPauseMs
    do {
      isRequested = false
      await work().catch((cause: unknown) => {
        // The next event retries; the status dot shows a broken connection.
        if (!isAbort(cause)) console.warn(cause)
      })
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      pauseMs = Math.min(maxPauseMs, pauseMs * 2)
    } while (isRequested)
    isBusy = false
  }
  return () => {
    isRequested = true
    if (!isBusy) void run()
  }
}
