import { Fault } from '../../contract/faults.ts'

/** What one message may cost the thread that reads it. */
export type ReadingLimits = {
  /** Processor time. */
  readonly maxMessageMs: number
  readonly maxMemoryMb: number
}

export const readingLimits: ReadingLimits = { maxMessageMs: 5000, maxMemoryMb: 512 }

/** `late`: reading it passed its time limit; `crashed`: the thread ended; `failed`: an error of ours. */
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

/** A problem as the index keeps it; what an older version wrote is none that is known. */
export const problemOf = (written: string | null): ReadingProblem | null =>
  written === null ? null : written in reasons ? (written as ReadingProblem) : 'failed'

/** Null for any other error. */
export function problemOfFault(error: unknown): ReadingProblem | null {
  const isUnreadable = error instanceof Fault && error.code === 'message_unreadable'
  return isUnreadable ? problemOf(String(error.details.reason)) : null
}
