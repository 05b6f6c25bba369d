import { isAbort } from './request.ts'

const maxRestMs = 500

/**
 * Runs now; while it runs or rests, further calls run it once more at the end. Rests grow while
 * calls keep coming, so that a flood of events does not turn into a flood of requests.
 */
export function throttle(work: () => Promise<void>, minRestMs: number): () => void {
  let isBusy = false
  let isAsked = false
  async function run() {
    isBusy = true
    let restMs = minRestMs
    do {
      isAsked = false
      await work().catch((cause: unknown) => {
        // The next event asks again; a broken connection shows in the status dot.
        if (!isAbort(cause)) console.warn(cause)
      })
      await new Promise((resolve) => setTimeout(resolve, restMs))
      restMs = Math.min(maxRestMs, restMs * 2)
    } while (isAsked)
    isBusy = false
  }
  return () => {
    isAsked = true
    if (!isBusy) void run()
  }
}
