import { Fault } from '../../contract/faults.ts'

/** Limits for parsing one message. */
export type ReadingLimits = {
  /** Processor time. */
  readonly maxMessageMs: number
  readonly maxMemoryMb: number
}

export const readingLimits: ReadingLimits = { maxMessageMs: 5000, maxMemoryMb: 512 }

/** `late`: the time limit passed. `crashed`: the thread ended. `failed`: the parser threw an error. */
export type ReadingProblem = 'late' | 'crashed' | 'failed'

const reasons: Readonly<Record<ReadingProblem, string>> = {
  late: 'reading it took too long and was stopped',
  crashed: 'reading it took too much memory',
  failed: 'reading it ended in an error',
}

export const problemSentence = (problem: ReadingProblem): string =>
  `This message could not be read: ${reasons[problem]}. Its raw source is complete: download that, or read its headers.`

export function unreadable(problem: ReadingProblem): Fault {
  return new Fault('message_unreadable', problemSentence(problem), { reason: problem })
}

/** From the index. A problem that another version stored becomes `failed`. */
export const problemOf = (written: string | null): ReadingProblem | null =>
  written === null ? null : written in reasons ? (written as ReadingProblem) : 'failed'

/** Null for any other error. */
export function problemOfFault(error: unknown): ReadingProblem | null {
  const isUnreadable = error instanceof Fault && error.code === 'message_unreadable'
  return isUnreadable ? problemOf(String(error.details.reason)) : null
}
