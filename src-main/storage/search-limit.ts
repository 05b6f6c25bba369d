import type { Database } from './database.ts'

/** The code of the error that ends a stopped statement. */
export const searchStopped = 'SEARCH_STOPPED'

const name = 'may_continue'
/** A call costs more than reading a row. */
const everyRows = 256

/**
 * A condition that ends the statement at its time limit or when its client disconnects. SQLite
 * evaluates it for each row of `id`, so every part of a query that grows has this condition.
 */
export const mayContinue = (id: string): string => `(${id} % ${everyRows} <> 0 OR ${name}())`

/** `stop` has one number; any value except 0 ends the current statement. */
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
