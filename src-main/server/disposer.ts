import type { Log } from '../base/log.ts'
import { isStorageFault } from '../contract/faults.ts'

/** A started part; the log uses its name. */
type Part = { readonly name: string; readonly close: () => unknown }

/** Registers a started part for closing and returns it. */
export type Keep = <Started extends { readonly close: () => unknown }>(
  part: Started,
  name: string,
) => Started

/** For all parts together; the process must end within ten seconds. */
const maxCloseMs = 8000
/** Longer than any part waits for a reply from the network. */
const maxPartMs = 3500
/** For a part that closes after others have used up `maxCloseMs`. */
const minPartMs = 50

/** Registers started parts; `close` ends them in reverse order, also when one fails. */
export function createDisposer(log: Log) {
  const started: Part[] = []
  const keep: Keep = (part, name) => {
    started.push({ name, close: () => part.close() })
    return part
  }
  return {
    keep,

    /** Skips a part that does not end in time. Throws the first error of a part. */
    async close() {
      const deadline = performance.now() + maxCloseMs
      const failures: unknown[] = []
      for (const part of started.splice(0).reverse()) {
        const left = deadline - performance.now()
        const failure = await closeWithin(part, Math.max(minPartMs, Math.min(maxPartMs, left)), log)
        if (failure !== null) failures.push(failure)
      }
      // A failing disk is logged already.
      const failure = failures.find((error) => !isStorageFault(error))
      if (failure !== undefined) throw failure
    },
  }
}

async function closeWithin({ name, close }: Part, maxMs: number, log: Log): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), maxMs)
  })
  try {
    const outcome = await Promise.race([Promise.resolve().then(close), timeout])
    if (outcome === 'late') {
      const sentence = `Closing continues without a part that does not end: ${name}`
      log.error(sentence, `It did not end within ${Math.round(maxMs)} ms`)
    }
    return null
  } catch (error) {
    return error
  } finally {
    clearTimeout(timer)
  }
}
