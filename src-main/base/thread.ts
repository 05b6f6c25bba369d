import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

export type Thread<Request, Reply> = {
  readonly ask: (request: Request) => Promise<Reply>
  readonly close: () => Promise<void>
}

/** What travels: a worker answers each request under its number, in any order. */
export type Asked<Request> = { readonly number: number; readonly request: Request }
export type Answered<Reply> =
  | { readonly number: number; readonly reply: Reply }
  | { readonly number: number; readonly error: string }

/**
 * Starts the worker file `name` that lies beside `base`, as `.ts` from source and `.js` when built,
 * and turns its messages into promises. It starts with the first request; one that dies is replaced
 * by the next, and what it had in hand fails.
 * With `patienceMs`, one that does not answer a request for so long is ended and replaced as well.
 */
export function startThread<Request, Reply>(
  base: string,
  name: string,
  workerData: unknown,
  patienceMs?: number,
): Thread<Request, Reply> {
  const file = new URL(`./${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
  const waiting = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: Error) => void }
  >()
  let number = 0
  let closed = false
  let worker: Worker | null = null
  let onlineAt = Number.POSITIVE_INFINITY

  function start(): Worker {
    const started = new Worker(file, { workerData })
    onlineAt = Number.POSITIVE_INFINITY
    started.once('online', () => {
      onlineAt = performance.now()
    })
    started.on('message', (answer: Answered<Reply>) => {
      const waiter = waiting.get(answer.number)
      waiting.delete(answer.number)
      if ('error' in answer) waiter?.reject(new Error(answer.error))
      else waiter?.resolve(answer.reply)
    })
    let failure: Error | null = null
    started.on('error', (error) => {
      failure = error instanceof Error ? error : new Error(String(error))
    })
    started.on('exit', (code) => {
      const reason = failure ?? new Error(`The ${name} thread ended with code ${code}`)
      for (const waiter of waiting.values()) waiter.reject(reason)
      waiting.clear()
      if (worker === started) worker = null
    })
    return started
  }

  /** Requests are answered in order: the oldest one unanswered is the one that takes too long. */
  function watch(asked: number): void {
    if (patienceMs === undefined) return
    const asking = worker
    const timer = setTimeout(() => {
      if (!waiting.has(asked) || asking !== worker) return
      const [oldest] = waiting.keys()
      // The time that a fresh thread takes to start is not the request's.
      const isLate = oldest === asked && performance.now() - onlineAt >= patienceMs
      if (isLate) void asking?.terminate()
      else watch(asked)
    }, patienceMs)
    timer.unref()
  }

  return {
    ask(request) {
      if (closed) return Promise.reject(new Error(`The ${name} thread is closed`))
      number += 1
      const asked: Asked<Request> = { number, request }
      return new Promise((resolve, reject) => {
        waiting.set(asked.number, { resolve, reject })
        worker ??= start()
        worker.postMessage(asked)
        watch(asked.number)
      })
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}

/**
 * Called in a thread whose work can wait: where there are fewer cores than work, those go first that
 * somebody waits for. Linux alone has a priority for each thread (setpriority(2), "NOTES").
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox may forbid it; then it is slower, and nothing else.
  }
}
