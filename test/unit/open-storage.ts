import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createLog } from '../../src-main/base/log.ts'
import { createCommitQueue } from '../../src-main/storage/commit-queue.ts'
import { openDatabase } from '../../src-main/storage/database.ts'
import { createEventLog } from '../../src-main/storage/event-log.ts'
import { createStorageState } from '../../src-main/storage/storage-state.ts'
import { createTestClock } from '../test-clock.ts'

/** A real database with its writer, for one test. */
export function openStorage() {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  const clock = createTestClock()
  const database = openDatabase(folder)
  const eventLog = createEventLog(database, (text) => text)
  const storage = createStorageState(folder, createLog('silent'), database)
  const queue = createCommitQueue(database, eventLog, clock, storage)
  onTestFinished(() => {
    queue.close()
    database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, clock, database, eventLog, queue, storage }
}
