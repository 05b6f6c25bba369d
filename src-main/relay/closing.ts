import { isStorageFault } from '../contract/faults.ts'

/** Takes a part that was started, to be closed in its turn, and answers it. */
export type Keep = <Part extends { readonly close: () => unknown }>(part: Part) => Part

/** Remembers what was started; `close` ends all of it in reverse, also where a part fails. */
export function createClosing() {
  const started: { readonly close: () => unknown }[] = []
  const keep: Keep = (part) => {
    started.push(part)
    return part
  }
  return {
    keep,
    async close() {
      const failures: unknown[] = []
      for (const part of started.splice(0).reverse()) {
        try {
          await part.close()
        } catch (error) {
          failures.push(error)
        }
      }
      // A disk that fails is on record, and the end of the process mends nothing.
      const failure = failures.find((error) => !isStorageFault(error))
      if (failure !== undefined) throw failure
    },
  }
}
