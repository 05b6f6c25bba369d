import { createByteBudget, maxBytesUnderWay } from '../base/byte-budget.ts'
import { createLoadMeter } from '../base/load-meter.ts'
import { createLog } from '../base/log.ts'
import { restrictAll } from '../base/private-file.ts'
import type { Config } from '../config.ts'
import { createSecretMask } from '../domain/auth/secret-mask.ts'
import { createMessageTimes } from '../domain/messages/message-times.ts'
import { startProvenClock } from '../domain/settings/proven-time.ts'
import { startCheckpoints } from '../storage/checkpoints.ts'
import { createCommitQueue } from '../storage/commit-queue.ts'
import { type Database, lockFolder, openDatabase, openReadOnly } from '../storage/database.ts'
import { createEventLog } from '../storage/event-log.ts'
import { requireUsableFolder } from '../storage/inspect-folder.ts'
import { prepareFolder } from '../storage/prepare-folder.ts'
import { startReader } from '../storage/reader.ts'
import { releaseForStart } from '../storage/reserve.ts'
import { holdRestored } from '../storage/restored-queue.ts'
import { openSearch } from '../storage/search-database.ts'
import { startStorageChecks } from '../storage/storage-checks.ts'
import {
  createStorageState,
  type StorageState,
  withoutStorageFaults,
} from '../storage/storage-state.ts'
import type { Keep } from './disposer.ts'
import type { CompleteEnvironment } from './environment.ts'

export type StorageParts = ReturnType<typeof openStorage>

/** Locks the data folder and opens its storage. */
export function openStorage(config: Config, { clock, writeLog }: CompleteEnvironment, keep: Keep) {
  const folder = config.dataFolder
  const maskSecrets = createSecretMask(config.apiKey === null ? [] : [config.apiKey])
  const rawLog = createLog(config.logLevel, writeLog, maskSecrets)
  const load = createLoadMeter()
  const bytesUnderWay = createByteBudget({ clock, maxBytes: maxBytesUnderWay() })
  requireUsableFolder(folder)
  keep({ close: lockFolder(folder).release }, 'folder lock')
  restrictAll(folder)
  releaseForStart(folder)
  prepareFolder(folder, clock.now())
  const database = openDatabase(folder)
  holdRestored(database, folder, clock.now())
  const storage = createStorageState(folder, rawLog, database)
  const log = withoutStorageFaults(rawLog, storage)
  keep(keepLog(database, folder, storage), 'database')
  storage.check()
  let isSearchNew = false
  openSearch(folder, () => {
    isSearchNew = true
  }).close()
  const eventLog = createEventLog(database, maskSecrets)
  const queue = keep(createCommitQueue(database, eventLog, clock, storage), 'commit queue')
  keep(startCheckpoints({ database, folder, queue, storage, clock, log }), 'checkpoints')
  const reader = keep(startReader(folder, storage, clock), 'reader thread')
  keep(startStorageChecks({ storage, clock, log }), 'storage checks')
  const provenClock = keep(
    startProvenClock({ database, queue, eventLog, clock, log }),
    'clock record',
  )
  const messageTimes = createMessageTimes(database, eventLog.steps)
  const stores = { database, eventLog, messageTimes, queue, reader, storage, isSearchNew }
  const memory = { load, bytesUnderWay }
  return { folder, clock, provenClock, log, maskSecrets, keep, ...memory, ...stores }
}

/**
 * The connection that closes last moves the log into the database and deletes it, unless it can only
 * read. Of a damaged database the log is kept, since it may be all that is left of the latest mail.
 */
function keepLog(database: Database, folder: string, storage: StorageState) {
  const reading = openReadOnly(folder)
  // Holds its lock from the first read on.
  reading.prepare('SELECT count(*) FROM sqlite_schema').get()
  return {
    close(): void {
      storage.check()
      const isDamaged = storage.problem()?.code === 'storage_damaged'
      const order = isDamaged ? [database, reading] : [reading, database]
      for (const connection of order) connection.close()
    },
  }
}
