import { constants, setPriority } from 'node:os'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { threadFailure } from './thread-failure.ts'
import type { Answered, Asked } from './thread-requests.ts'
import { type ThreadWork, watchThread } from './thread-watch.ts'
import { noteThread } from './threads-left.ts'

export type Thread<Request, Reply> = {
  /** Rejects with a `threadFailure` when the thread gives no reply. */
  readonly ask: (request: Request) => Promise<Reply>
  readonly close: () => Promise<void>
}

export type ThreadLimits = {
  /** The processor time of one request in ms; undefined: no limit. */
  readonly maxRequestMs?: number
  /** Requests without a reply at one time; a further one is refused. */
  readonly maxWaiting?: number
  readonly resourceLimits?: ResourceLimits
  /** A request fails after this many crashes of its thread; 1 by default. */
  readonly maxCrashes?: number
  /** A thread without requests for this time ends and frees its memory; the next request starts it. */
  readonly maxIdleMs?: number
}

type Waiting<Request, Reply> = {
  readonly request: Request
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: Error) => void
  failedStarts: number
  crashes: number
}

type Running = {
  readonly worker: Worker
  isReady: boolean
  /** Resolves when the worker is ready or has ended. */
  readonly started: Promise<unknown>
  /** The work that exceeded its time limit; null: none. */
  late: ThreadWork
  failure: string
  watch: ReturnType<typeof watchThread> | null
}

/** SQLite does not stop inside a statement, so a terminated thread may live on for a while. */
const maxEndMs = 1000
const maxCloseMs = 5000
const maxStartingMs = 2000
/** A thread that fails before it is ready usually fails again. */
const maxFailedStarts = 2

type ThreadState = {
  lastNumber: number
  closed: boolean
  running: Running | null
  idleTimer: NodeJS.Timeout | undefined
}

type ThreadContext<Request, Reply> = Omit<ThreadLimits, 'maxWaiting'> & {
  readonly state: ThreadState
  /** In the order of the requests, which is the order of the replies. */
  readonly waiting: Map<number, Waiting<Request, Reply>>
  readonly name: string
  readonly file: URL
  readonly workerData: unknown
}

/**
 * Runs the worker file `name` beside `base` (`.ts` from source, `.js` when built) and turns its
 * messages into promises. The thread starts with the first request. A thread that dies, or works on
 * one request for longer than `maxRequestMs`, is replaced: that request fails, and the requests after
 * it go to the new thread.
 */
export function startThread<Request, Reply>(
  base: string,
  name: string,
  workerData: unknown,
  limits: ThreadLimits = {},
): Thread<Request, Reply> {
  const state: ThreadState = {
    lastNumber: 0,
    closed: false,
    running: null,
    idleTimer: undefined,
  }

  const { maxWaiting = Number.POSITIVE_INFINITY, ...others } = limits
  const file = new URL(`./${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
  const waiting = new Map<number, Waiting<Request, Reply>>()
  const context: ThreadContext<Request, Reply> = {
    ...others,
    state,
    waiting,
    name,
    file,
    workerData,
  }

  return {
    ask(request) {
      if (state.closed) return Promise.reject(closedFailure(context))
      if (waiting.size >= maxWaiting)
        return Promise.reject(threadFailure('full', `${maxWaiting} requests wait for ${name}`))
      return new Promise((resolve, reject) => {
        state.lastNumber += 1
        post(context, state.lastNumber, { request, resolve, reject, failedStarts: 0, crashes: 0 })
      })
    },
    async close() {
      state.closed = true
      clearTimeout(state.idleTimer)
      if (!state.running) return
      const ending = state.running
      // Terminating a thread while it loads a native addon can end the whole process.
      await within(ending.started, maxStartingMs)
      await endWorker(ending.worker, maxCloseMs)
      replace(context, ending)
    },
  }
}

/** Only between requests: a request that arrives while the thread ends goes to a new thread. */
function endWhenIdle<Request, Reply>({
  state,
  maxIdleMs,
  waiting,
}: ThreadContext<Request, Reply>): void {
  clearTimeout(state.idleTimer)
  if (maxIdleMs === undefined || waiting.size > 0) return
  state.idleTimer = setTimeout(() => {
    const idle = state.running
    if (!idle?.isReady || waiting.size > 0) return
    idle.watch?.stop()
    state.running = null
    void endWorker(idle.worker, maxEndMs)
  }, maxIdleMs).unref()
}

function start<Request, Reply>(context: ThreadContext<Request, Reply>): Running {
  const { file, workerData, resourceLimits, maxRequestMs, state, waiting } = context
  const worker = new Worker(file, { workerData, ...(resourceLimits && { resourceLimits }) })
  noteThread(worker)
  const started: Running = {
    worker,
    isReady: false,
    started: new Promise((resolve) => {
      worker.once('message', resolve)
      worker.once('exit', resolve)
    }),
    late: null,
    failure: 'it ended',
    watch: null,
  }
  if (maxRequestMs !== undefined) {
    const processorMs = () => processorMsOf(worker)
    started.watch = watchThread(maxRequestMs, { work: workOf, end, processorMs })
  }
  worker.on('message', (answer: Answered<Reply>) => {
    if (state.running !== started) return
    if (answer.type === 'ready') started.isReady = true
    else settle(context, answer)
  })
  worker.on('error', (error) => {
    started.failure = error instanceof Error ? error.message : String(error)
  })
  worker.on('exit', () => replace(context, started))

  function workOf(): ThreadWork {
    const [oldest] = waiting.keys()
    return oldest === undefined || started.isReady ? (oldest ?? null) : 'starting'
  }
  function end(work: ThreadWork): void {
    started.late = work
    void endWorker(worker, maxEndMs).then(() => replace(context, started))
  }
  return started
}

function settle<Request, Reply>(
  context: ThreadContext<Request, Reply>,
  answer: Exclude<Answered<Reply>, { type: 'ready' }>,
): void {
  const { waiting } = context
  const waiter = waiting.get(answer.number)
  waiting.delete(answer.number)
  if (answer.type === 'reply') waiter?.resolve(answer.reply)
  else
    waiter?.reject(Object.assign(new Error(answer.error), { code: answer.code, path: answer.path }))
  endWhenIdle(context)
}

function post<Request, Reply>(
  context: ThreadContext<Request, Reply>,
  number: number,
  waiter: Waiting<Request, Reply>,
): void {
  const { state, waiting } = context
  state.running ??= start(context)
  waiting.set(number, waiter)
  try {
    const asked: Asked<Request> = { number, request: waiter.request }
    state.running.worker.postMessage(asked)
    state.running.watch?.begin()
  } catch (error) {
    // The request holds a value that cannot be cloned.
    waiting.delete(number)
    waiter.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

/** Fails the request at fault and sends the others to a new thread. */
function replace<Request, Reply>(context: ThreadContext<Request, Reply>, ended: Running): void {
  const { state, waiting, maxCrashes = 1 } = context
  ended.watch?.stop()
  if (state.running !== ended) return
  state.running = null
  const [oldest] = waiting.keys()
  const failed = ended.late ?? (ended.isReady ? oldest : 'starting')
  const others = [...waiting]
  waiting.clear()
  const isLost = (number: number, { failedStarts, crashes }: Waiting<Request, Reply>) =>
    failedStarts >= maxFailedStarts ||
    (number === failed && (ended.late !== null || crashes >= maxCrashes))
  for (const [number, waiter] of others) {
    if (failed === 'starting') waiter.failedStarts += 1
    if (number === failed) waiter.crashes += 1
    if (state.closed) waiter.reject(closedFailure(context))
    else if (isLost(number, waiter)) waiter.reject(failureOf(context, ended))
    else post(context, number, waiter)
  }
}

type Named = { readonly name: string; readonly maxRequestMs?: number }

const closedFailure = ({ name }: Named) => threadFailure('closed', `The ${name} thread is closed`)

const failureOf = ({ name, maxRequestMs }: Named, { late, failure }: Running) =>
  late === null
    ? threadFailure('crashed', `The ${name} thread failed: ${failure}`)
    : threadFailure('late', `The ${name} thread took more than ${maxRequestMs} ms for a request`)

/** Node reports it from 24.6 on. */
async function processorMsOf(worker: Worker): Promise<number | null> {
  if (typeof worker.cpuUsage !== 'function') return null
  const { user, system } = await worker.cpuUsage()
  return (user + system) / 1000
}

/** Resolves when the worker has ended, or is abandoned because it does not end. */
async function endWorker(worker: Worker, maxMs: number): Promise<void> {
  await within(worker.terminate(), maxMs)
  worker.unref()
}

async function within(work: Promise<unknown>, maxMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs)
  })
  await Promise.race([work, timeout])
  clearTimeout(timer)
}

/**
 * Called in a thread whose work can wait, so that threads with waiting clients run first on a busy
 * machine. Only Linux has a priority per thread (setpriority(2), "NOTES").
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox may forbid it.
  }
}
