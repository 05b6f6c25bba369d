import type { Log } from '../base/log.ts'
import { isStorageFault } from '../contract/faults.ts'

/** A part that was started, by the name that the log calls it. */
type Part = { readonly name: string; readonly close: () => unknown }

/** Takes a part that was started, to be closed in its turn, and answers it. */
export type Keep = <Started extends { readonly close: () => unknown }>(
  part: Started,
  name: string,
) => Started

/** All parts together; the process has to end within ten seconds. */
const maxCloseMs = 8000
/** Longer than the parts themselves wait for an answer from environment. */
const maxPartMs = 3500
/** What a part has when those before it took all of the time. */
const minPartMs = 50

/** Remembers what was started; `close` ends all of it in reverse, also where a part fails. */
export function createDisposer(log: Log) {
  const started: Part[] = []
  const keep: Keep = (part, name) => {
    started.push({ name, close: () => part.close() })
    return part
  }
  return {
    keep,

    /** A part that does not end is left behind. Throws what the first of those that failed threw. */
    async close() {
      const deadline = performance.now() + maxCloseMs
      const failures: unknown[] = []
      for (const part of started.splice(0).reverse()) {
        const left = deadline - performance.now()
        const failure = await closeWithin(part, Math.max(minPartMs, Math.min(maxPartMs, left)), log)
        if (failure !== null) failures.push(failure)
      }
      // A disk that fails is on record, and the end of the process mends nothing.
      const failure = failures.find((error) => !isStorageFault(error))
      if (failure !== undefined) throw failure
    },
  }
}

async function closeWithin({ name, close }: Part, maxMs: number, log: Log): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), maxMs)
  })
  try {
    const outcome = await Promise.race([Promise.resolve().then(close), patience])
    if (outcome === 'late') {
      const sentence = `Closing goes on without one part, which does not end: ${name}`
      log.error(sentence, `It was waited for ${Math.round(maxMs)} ms`)
    }
    return null
  } catch (error) {
    return error
  } finally {
    clearTimeout(timer)
  }
}
