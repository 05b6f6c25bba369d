import type { Clock } from '../../base/clock.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { NewEvent } from '../../storage/event-log.ts'
import type { Keys } from '../auth/keys.ts'

const saveEveryMs = 100
/** Bounds of the memory for entries that are not stored yet; more are dropped. */
const maxPending = 50_000
const maxPendingTranscriptBytes = 16 * 1024 * 1024

export type PendingDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly keys: Keys
  readonly clock: Clock
}

/** Log entries and transcripts that wait for the next save, which also saves the use of keys. */
export function createPendingEntries({ database, queue, keys, clock }: PendingDeps) {
  const insertTranscript = database.prepare<[string, number, string]>(
    'INSERT OR REPLACE INTO transcripts (name, at, lines) VALUES (?, ?, ?)',
  )
  let events: NewEvent[] = []
  let transcripts: (readonly [name: string, at: number, lines: string])[] = []
  let transcriptBytes = 0
  let cancelSave: (() => void) | null = null

  function saveSoon(): void {
    cancelSave ??= clock.after(saveEveryMs, () => void save())
  }

  /** Saves all entries at once. */
  async function save(): Promise<void> {
    cancelSave?.()
    cancelSave = null
    const batch = events
    const batchTranscripts = transcripts
    events = []
    transcripts = []
    transcriptBytes = 0
    await queue
      .write(
        (transaction) => {
          for (const event of batch) transaction.append(event)
          for (const transcript of batchTranscripts) insertTranscript.run(...transcript)
          keys.saveLastUsed()
        },
        { grows: true },
      )
      // The responses are sent. Lost log entries must not end the process.
      .catch(() => undefined)
  }

  return {
    saveSoon,
    save,
    push(event: NewEvent): void {
      if (events.length < maxPending) events.push(event)
      saveSoon()
    },
    pushTranscript(name: string, at: number, lines: string): void {
      if (transcriptBytes + lines.length > maxPendingTranscriptBytes) return
      transcriptBytes += lines.length
      transcripts.push([name, at, lines])
      saveSoon()
    },
  }
}
