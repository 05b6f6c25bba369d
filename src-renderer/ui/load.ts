/** The state of one loaded value. */
export type Load<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly failure: Error }

export const idle = { status: 'idle' } as const
export const loading = { status: 'loading' } as const

export function ready<T>(value: T): Load<T> {
  return { status: 'ready', value }
}

export function failed(cause: unknown): { readonly status: 'failed'; readonly failure: Error } {
  const failure = cause instanceof Error ? cause : new Error(String(cause))
  return { status: 'failed', failure }
}
