import type { Worker } from 'node:worker_threads'

const living = new Set<Worker>()

export function noteThread(worker: Worker): void {
  living.add(worker)
  worker.once('exit', () => living.delete(worker))
}

/**
 * Ends the process. A normal exit waits for threads, and a thread inside an SQLite statement does not
 * end before the statement: then the process is killed, which a database in WAL mode survives.
 */
export function endProcess(code: number, exit: (code: number) => void = process.exit): void {
  if (living.size > 0) process.kill(process.pid, 'SIGKILL')
  else exit(code)
}
