import { Worker } from 'node:worker_threads'

export type Thread<Request, Reply> = {
  readonly ask: (request: Request, transfer?: readonly ArrayBuffer[]) => Promise<Reply>
  readonly close: () => Promise<void>
}

/** What travels: a worker answers each request under its number, in any order. */
export type Asked<Request> = { readonly number: number; readonly request: Request }
export type Answered<Reply> =
  | { readonly number: number; readonly reply: Reply }
  | { readonly number: number; readonly error: string }

/**
 * Starts the worker file `name` that lies beside `base`, as `.ts` from source and `.js` when built,
 * and turns its messages into promises. A worker that dies is replaced; what it had in hand fails.
 */
export function startThread<Request, Reply>(
  base: string,
  name: string,
  workerData: unknown,
): Thread<Request, Reply> {
  const file = new URL(`./${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
  const waiting = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: Error) => void }
  >()
  let number = 0
  let closed = false
  let worker = start()

  function start(): Worker {
    const started = new Worker(file, { workerData })
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
      if (!closed) worker = start()
    })
    return started
  }

  return {
    ask(request, transfer = []) {
      if (closed) return Promise.reject(new Error(`The ${name} thread is closed`))
      number += 1
      const asked: Asked<Request> = { number, request }
      return new Promise((resolve, reject) => {
        waiting.set(asked.number, { resolve, reject })
        worker.postMessage(asked, transfer)
      })
    },
    async close() {
      closed = true
      await worker.terminate()
    },
  }
}
