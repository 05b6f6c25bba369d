import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startThread, type Thread, type ThreadLimits } from '../../src-main/base/thread.ts'
import { threadFailureOf } from '../../src-main/base/thread-failure.ts'
import { until } from '../wait-for.ts'
import type { Task } from './obedient-worker.ts'

type Reply = { readonly value: number; readonly answered: number }

const maxRequestMs = 300
const threads: Thread<Task, Reply>[] = []

function start(limits: ThreadLimits, name = 'obedient-worker'): Thread<Task, Reply> {
  const thread = startThread<Task, Reply>(import.meta.url, name, {}, limits)
  threads.push(thread)
  return thread
}

/** The result of each task: its value, the failure of its thread, or the error of the worker. */
async function outcomes(thread: Thread<Task, Reply>, tasks: readonly Task[]) {
  const asked = tasks.map((task) => thread.ask(task))
  return (await Promise.allSettled(asked)).map((outcome) =>
    outcome.status === 'fulfilled'
      ? outcome.value.value
      : (threadFailureOf(outcome.reason) ?? outcome.reason.message),
  )
}

const echo = (value: number): Task => ({ type: 'echo', value })

afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()))
})

describe('A worker thread', () => {
  it('A thread that is ended for a late request fails that request alone', async () => {
    const thread = start({ maxRequestMs })
    const loop: Task = { type: 'loop' }
    expect(
      await outcomes(thread, [echo(1), loop, echo(2), echo(3), loop, loop, echo(4)]),
    ).toStrictEqual([1, 'late', 2, 3, 'late', 'late', 4])
    expect(await outcomes(thread, [echo(5)])).toStrictEqual([5])
  })

  it('An idle thread ends, and the next request starts it again', async () => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate')
    const thread = start({ maxIdleMs: 50 })
    expect((await thread.ask(echo(1))).answered).toBe(1)
    const hasEnded = () => terminate.mock.settledResults[0]?.type === 'fulfilled'
    await until('the idle thread ends', hasEnded)
    expect((await thread.ask(echo(2))).answered).toBe(1)
    const both = await Promise.all([thread.ask(echo(3)), thread.ask(echo(4))])
    expect(both.map(({ value }) => value)).toEqual([3, 4])
  })

  it('Each request has its whole time limit, also after slow requests', async () => {
    const thread = start({ maxRequestMs })
    await thread.ask(echo(0))
    const work: Task = { type: 'work', ms: maxRequestMs / 3 }
    expect(await outcomes(thread, Array(6).fill(work))).toStrictEqual(
      Array(6).fill(maxRequestMs / 3),
    )
    // The thread of the first answer made all of them: none was ended.
    expect((await thread.ask(echo(1))).answered).toBe(8)
  })

  it('The time limit counts the work of a request and not its wait for a processor', async () => {
    const thread = start({ maxRequestMs: 500 })
    const rest: Task = { type: 'rest', ms: 1500 }
    expect(await outcomes(thread, [rest, { type: 'loop' }, echo(1)])).toStrictEqual([
      1500,
      'late',
      1,
    ])
  })

  it('A request that waits forever is ended', async () => {
    const thread = start({ maxRequestMs: 50 })
    const rest: Task = { type: 'rest', ms: 60_000 }
    expect(await outcomes(thread, [rest, echo(1)])).toStrictEqual(['late', 1])
  })

  it.each(['exit', 'fail', 'fill'] as const)(
    'A thread that crashes by “%s” fails its current request alone',
    async (type) => {
      const thread = start({ resourceLimits: { maxOldGenerationSizeMb: 16 } })
      const crash: Task = { type }
      expect(await outcomes(thread, [crash, echo(1), crash, echo(2), echo(3)])).toStrictEqual([
        'crashed',
        1,
        'crashed',
        2,
        3,
      ])
    },
  )

  it('A request may be retried after a crash', async () => {
    const thread = start({ maxCrashes: 2 })
    const crash: Task = { type: 'exit' }
    const [first, second] = await outcomes(thread, [crash, echo(1)])
    expect([first, second]).toStrictEqual(['crashed', 1])
    const started = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => started.mockRestore())
    await outcomes(thread, [crash])
    expect(started.mock.calls.map(([{ request }]) => request.type)).toEqual(['exit', 'exit'])
  })

  it('An error of the work is the answer, and the thread continues', async () => {
    const thread = start({ maxRequestMs })
    expect(await outcomes(thread, [{ type: 'throw' }, echo(1)])).toStrictEqual([
      'The task was to throw',
      1,
    ])
  })

  it('A thread that cannot start fails its waiting requests, and ends', async () => {
    const thread = start({ maxRequestMs }, 'unstartable-worker')
    expect(await outcomes(thread, [echo(1), echo(2)])).toStrictEqual(['crashed', 'crashed'])
  })

  it('A request is refused when too many wait', async () => {
    const thread = start({ maxRequestMs, maxWaiting: 2 })
    expect(await outcomes(thread, [echo(1), echo(2), echo(3)])).toStrictEqual([1, 2, 'full'])
    expect(await outcomes(thread, [echo(4)])).toStrictEqual([4])
  })

  it('A request that cannot be cloned is refused, and no other is', async () => {
    const thread = start({ maxRequestMs })
    const broken = { type: 'echo', value: () => 0 } as unknown as Task
    const [refusal, ...others] = await outcomes(thread, [broken, echo(1), broken, echo(2)])
    expect(refusal).toMatch(/could not be cloned/)
    expect(others).toStrictEqual([1, expect.stringMatching(/could not be cloned/), 2])
  })

  it('A thread that is closed while it starts ends after its start', async () => {
    const seen: string[] = []
    const { emit, terminate } = Worker.prototype
    vi.spyOn(Worker.prototype, 'emit').mockImplementation(function (this: Worker, ...args) {
      if (args[0] === 'message') seen.push((args[1] as { type: string }).type)
      return emit.apply(this, args)
    })
    vi.spyOn(Worker.prototype, 'terminate').mockImplementation(function (this: Worker) {
      seen.push('end')
      return terminate.call(this)
    })
    onTestFinished(() => void vi.restoreAllMocks())
    const thread = start({ maxRequestMs })
    const asked = outcomes(thread, [echo(1)])
    await thread.close()
    await asked
    expect(seen.indexOf('end')).toBeGreaterThan(seen.indexOf('ready'))
    expect(seen).toContain('ready')
  })

  it('A closed thread fails its waiting requests, also in the middle of endless work', async () => {
    const thread = start({ maxRequestMs: 60_000 })
    await thread.ask(echo(0))
    const waiting = outcomes(thread, [{ type: 'loop' }, echo(1)])
    await thread.close()
    expect(await waiting).toStrictEqual(['closed', 'closed'])
    expect(await outcomes(thread, [echo(2)])).toStrictEqual(['closed'])
  })
})
