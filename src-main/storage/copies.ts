import { startThread } from '../base/thread.ts'
import type { HeldCounts } from './held-counts.ts'

export type CopyRequest =
  | { readonly type: 'copy'; readonly to: string }
  | { readonly type: 'check'; readonly file: string }

/** What is known of a database file; `problem` is a sentence when it cannot be used. */
export type Checked = {
  readonly problem: string | null
  readonly schemaVersion: number
  readonly messages: number
  readonly held: HeldCounts
  /** Messages that are here and not in it; null: they cannot be counted. */
  readonly lost: number | null
}

/**
 * Makes and checks whole copies of the database on a thread of its own, from a snapshot: the writer
 * and the readers go on.
 */
export function startCopies(folder: string) {
  const thread = startThread<CopyRequest, Checked | null>(import.meta.url, 'copy-worker', {
    folder,
  })
  return {
    async make(to: string): Promise<void> {
      await thread.ask({ type: 'copy', to })
    },
    /** Brings the file to this version too, so that the start which uses it cannot fail over that. */
    async check(file: string): Promise<Checked> {
      const checked = await thread.ask({ type: 'check', file })
      if (!checked) throw new Error('The check of a copy had no result')
      return checked
    },
    close: thread.close,
  }
}
