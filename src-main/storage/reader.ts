import { startThread } from '../base/thread.ts'

export type Query = { readonly sql: string; readonly parameters: readonly unknown[] }

export type Reader = ReturnType<typeof startReader>

/**
 * Reads that grow with the inbox run on a thread of their own. A read sees everything that was
 * committed before it was asked for. The row type is the caller's word for what its SQL selects.
 */
export function startReader(folder: string) {
  const thread = startThread<Query, unknown[]>(import.meta.url, 'reader-worker', { folder })

  const all = async <Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> =>
    (await thread.ask({ sql, parameters })) as Row[]

  return {
    all,
    async first<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row | null> {
      const [row] = await all<Row>(sql, ...parameters)
      return row ?? null
    },
    close: thread.close,
  }
}
