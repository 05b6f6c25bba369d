import type { Log } from '../../base/log.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import type { IndexThread } from './index-thread.ts'
import { problemSentence, type ReadingProblem } from './problems.ts'

/** After a failed batch, this many messages are indexed one by one to find the cause. */
const singlesAfterFailure = 100

/** Indexes the next messages and returns their number; 0 when the index is complete. */
export function createIndexBatches({ ask }: IndexThread, log: Log): () => Promise<number> {
  let isTidy = false
  let singlesLeft = 0

  /** Runs once after the start, in steps, because a large index takes long to check. */
  async function tidy(): Promise<void> {
    let after = 0
    while (!isTidy) {
      const { through } = await ask('tidied', { type: 'tidy', after })
      isTidy = through === null
      after = through ?? 0
    }
  }

  async function indexBatch(): Promise<number> {
    try {
      return (await ask('indexed', { type: 'index' })).count
    } catch (error) {
      if (messageProblem(error) === null) throw error
      singlesLeft = singlesAfterFailure
      return indexOne()
    }
  }

  /** Skips the body of a message that stops the thread. */
  async function indexOne(): Promise<number> {
    const { id } = await ask('next', { type: 'next' })
    singlesLeft = id === null ? 0 : singlesLeft - 1
    if (id === null) return 0
    try {
      await ask('indexed', { type: 'index-one', id })
    } catch (error) {
      const problem = messageProblem(error)
      if (problem === null) throw error
      await ask('indexed', { type: 'skip', id, problem })
      singlesLeft = 0
      log.warn(problemSentence(problem), { id })
    }
    return 1
  }

  return async () => {
    await tidy()
    return singlesLeft > 0 ? indexOne() : indexBatch()
  }
}

/** Null unless a message caused the error: not for the database's own, nor for a closed thread. */
function messageProblem(error: unknown): ReadingProblem | null {
  const failure = threadFailureOf(error)
  return failure === 'late' || failure === 'crashed' ? failure : null
}
