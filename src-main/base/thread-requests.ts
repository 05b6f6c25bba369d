import { parentPort } from 'node:worker_threads'

/** The messages between `startThread` and its worker. */
export type Asked<Request> = { readonly number: number; readonly request: Request }
export type Answered<Reply> =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly number: number; readonly reply: Reply }
  | {
      readonly type: 'error'
      readonly number: number
      readonly error: string
      /** The code of an SQLite or file system error. */
      readonly code: string | undefined
      readonly path: string | undefined
    }

/**
 * Called once, at the end of a worker file. Requests are processed in order, so that the oldest
 * request without a reply is the current one.
 */
export function answerRequests<Request, Reply>(
  answer: (request: Request) => Reply | Promise<Reply>,
): void {
  const say = (message: Answered<Reply>) => parentPort?.postMessage(message)
  let previous = Promise.resolve()

  async function carryOut({ number, request }: Asked<Request>): Promise<void> {
    try {
      say({ type: 'reply', number, reply: await answer(request) })
    } catch (error) {
      const { code, path } = (error ?? {}) as { readonly code?: unknown; readonly path?: unknown }
      say({
        type: 'error',
        number,
        error: error instanceof Error ? error.message : String(error),
        code: typeof code === 'string' ? code : undefined,
        path: typeof path === 'string' ? path : undefined,
      })
    }
  }

  parentPort?.on('message', (asked: Asked<Request>) => {
    previous = previous.then(() => carryOut(asked))
  })
  say({ type: 'ready' })
}
