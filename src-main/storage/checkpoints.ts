import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import { fileIdentity } from '../base/file-identity.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { startThread } from '../base/thread.ts'
import type { CommitQueue } from './commit-queue.ts'
import { type Database, databaseFile } from './database.ts'
import type { StorageState } from './storage-state.ts'

const minLogBytes = 4 * 1024 * 1024
const checkEveryMs = 500
/** A longer log is emptied while the writer waits, since readers keep a busy one from ending. */
const maxLogBytes = 64 * 1024 * 1024
const maxWaitMs = 1000
const waitEveryMs = 20

type CheckpointDeps = {
  readonly database: Database
  readonly folder: string
  readonly queue: CommitQueue
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
}

/**
 * Checkpoints take more disk time than the commits, so a thread of its own does nearly all the work.
 * The writer moves the remaining pages, after which the log restarts at its beginning.
 */
export function startCheckpoints(deps: CheckpointDeps) {
  const { database, folder, queue, storage, clock, log } = deps
  const identity = fileIdentity(databaseFile(folder))
  const thread = startThread<null, null>(import.meta.url, 'checkpoint-worker', { folder, identity })
  const walFile = `${databaseFile(folder)}-wal`
  const loop = startLoop({ name: 'checkpoint', clock, log, run, settleMs: checkEveryMs })
  const stopListening = queue.onEvents(loop.wake)
  let isClosing = false
  storage.onMakeRoom(async () => {
    await moveLog()
    await queue.pauseDuring(truncate)
  })

  async function run(): Promise<null> {
    const { size } = statSync(walFile, { throwIfNoEntry: false }) ?? { size: 0 }
    // Do not move the log into a truncated database: the log still has the mail.
    if (size < minLogBytes || storage.check() || !storage.canMoveLog()) return null
    await moveLog()
    if (size > maxLogBytes) await storage.makeRoom()
    return null
  }

  async function moveLog(): Promise<void> {
    try {
      await thread.ask(null)
      database.pragma('wal_checkpoint(PASSIVE)')
    } catch (error) {
      throw storage.explain(error) ?? error
    }
  }

  /** Waits for short reads to end; a long one, such as a backup, prevents the truncation. */
  async function truncate(): Promise<void> {
    const deadline = performance.now() + maxWaitMs
    while (!isClosing) {
      const [{ busy }] = database.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
      if (busy === 0 || performance.now() > deadline) return
      await pause(waitEveryMs)
    }
  }

  return {
    async close(): Promise<void> {
      isClosing = true
      stopListening()
      await loop.close()
      await thread.close()
    },
  }
}
