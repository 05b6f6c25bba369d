import { statSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
import { fileIdentity } from '../base/file-identity.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { startThread } from '../base/thread.ts'
import type { CommitQueue } from './commit-queue.ts'
import { type Database, databaseFile } from './database.ts'
import type { StorageState } from './storage-state.ts'

const worthBytes = 4 * 1024 * 1024
const lookEveryMs = 500

type CheckpointDeps = {
  readonly database: Database
  readonly folder: string
  readonly queue: CommitQueue
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
}

/**
 * Checkpoints cost more disk time than the commits themselves, so a thread of their own does nearly
 * all of one; the writer then moves the little that came meanwhile, which lets the log begin anew.
 */
export function startCheckpoints(deps: CheckpointDeps) {
  const { database, folder, queue, storage, clock, log } = deps
  const identity = fileIdentity(databaseFile(folder))
  const thread = startThread<null, null>(import.meta.url, 'checkpoint-worker', { folder, identity })
  const walFile = `${databaseFile(folder)}-wal`
  const loop = startLoop({ name: 'checkpoint', clock, log, run, settleMs: lookEveryMs })
  const stopListening = queue.onEvents(loop.wake)

  async function run(): Promise<null> {
    const { size } = statSync(walFile, { throwIfNoEntry: false }) ?? { size: 0 }
    // Into a database that was cut short, the log is better not moved: it holds the mail.
    if (size < worthBytes || storage.look()) return null
    await thread.ask(null)
    database.pragma('wal_checkpoint(PASSIVE)')
    return null
  }

  return {
    async close(): Promise<void> {
      stopListening()
      await loop.close()
      await thread.close()
    },
  }
}
