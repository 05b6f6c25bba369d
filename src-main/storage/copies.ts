import { startThread } from '../base/thread.ts'
import type { HeldCounts } from './held-counts.ts'

export type CopyRequest =
  | { readonly type: 'copy'; readonly to: string }
  | { readonly type: 'check'; readonly file: string }

/** The result of a check; `problem` is a sentence that says why the file cannot be used. */
export type Checked = {
  readonly problem: string | null
  readonly schemaVersion: number
  readonly messages: number
  readonly held: HeldCounts
  /** Messages of the current database that the file lacks; null: they cannot be counted. */
  readonly lost: number | null
}

/** Makes and checks copies of the database on a thread of its own, from a snapshot. */
export function startCopies(folder: string) {
  const thread = startThread<CopyRequest, Checked | null>(import.meta.url, 'copy-worker', {
    folder,
  })
  return {
    async make(to: string): Promise<void> {
      await thread.ask({ type: 'copy', to })
    },
    /** Migrates the file as well, so that the start that uses it cannot fail at the migration. */
    async check(file: string): Promise<Checked> {
      const checked = await thread.ask({ type: 'check', file })
      if (!checked) throw new Error('The check of a copy had no result')
      return checked
    },
    close: thread.close,
  }
}
