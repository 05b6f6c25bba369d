/**
 * The reason why a thread gave no reply. `late`: the request exceeded its time limit. `crashed`: the
 * thread ended during the request, or could not start. `full`: too many requests wait.
 */
export type ThreadFailureKind = 'late' | 'crashed' | 'full' | 'closed'

type ThreadFailure = Error & { readonly threadFailure: ThreadFailureKind }

export function threadFailure(kind: ThreadFailureKind, sentence: string): ThreadFailure {
  return Object.assign(new Error(sentence), { threadFailure: kind })
}

/** Null for an error that the worker itself replied with. */
export function threadFailureOf(error: unknown): ThreadFailureKind | null {
  return error instanceof Error && 'threadFailure' in error
    ? (error as ThreadFailure).threadFailure
    : null
}
