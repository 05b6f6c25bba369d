import type { Worker } from 'node:worker_threads'

const living = new Set<Worker>()

export function noteThread(worker: Worker): void {
  living.add(worker)
  worker.once('exit', () => living.delete(worker))
}

/**
 * Ends the process. A usual exit waits for threads, and one in the middle of a statement of SQLite
 * does not end before that does: then the process is killed, which a database in WAL mode survives.
 */
export function endProcess(code: number, exit: (code: number) => void = process.exit): void {
  if (living.size > 0) process.kill(process.pid, 'SIGKILL')
  else exit(code)
}
