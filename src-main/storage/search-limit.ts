import type { Database } from './database.ts'

/** The code of the error that ends a stopped statement. */
export const searchStopped = 'SEARCH_STOPPED'

const name = 'may_continue'
/** A call costs more than to look at a row. */
const everyRows = 256

/**
 * A condition that ends the statement when its time is over or nobody waits for it. SQLite looks at
 * it wherever a row of `id` is looked at, so it stands in every part of a query that grows.
 */
export const mayContinue = (id: string): string => `(${id} % ${everyRows} <> 0 OR ${name}())`

/** `stop` holds one number: not 0 when the statement under way is to end. */
export function createSearchLimit(stop: SharedArrayBuffer, maxMs: number) {
  const flag = new Int32Array(stop)
  let began = 0

  function check(): number {
    const isStopped = Atomics.load(flag, 0) !== 0 || performance.now() - began > maxMs
    if (isStopped) throw Object.assign(new Error('The search was stopped'), { code: searchStopped })
    return 1
  }

  return {
    begin(): void {
      began = performance.now()
    },
    install(database: Database): void {
      database.function(name, check)
    },
  }
}
