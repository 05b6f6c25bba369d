import { answerRequests } from '../../src-main/base/thread-requests.ts'

/** The worker of `thread.test.ts`, which follows the type of each task. */
export type Task =
  | { readonly type: 'echo'; readonly value: number }
  | { readonly type: 'loop' | 'throw' | 'exit' | 'fail' | 'fill' }
  | { readonly type: 'work' | 'rest'; readonly ms: number }

let answered = 0

answerRequests<Task, { value: number; answered: number }>(async (task) => {
  answered += 1
  switch (task.type) {
    case 'echo':
      return { value: task.value, answered }
    case 'work': {
      const end = performance.now() + task.ms
      while (performance.now() < end);
      return { value: task.ms, answered }
    }
    case 'rest':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, task.ms)
      return { value: task.ms, answered }
    case 'loop':
      for (;;);
    case 'throw':
      throw new Error('The task was to throw')
    case 'exit':
      return process.exit(3)
    case 'fail':
      // Environment of the promise that is waited for.
      process.nextTick(() => {
        throw new Error('The task was to fail')
      })
      return await new Promise(() => undefined)
    case 'fill': {
      const kept: number[][] = []
      for (;;) kept.push(new Array(100_000).fill(kept.length))
    }
  }
})
