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
import { lockFolder, openDatabase } from '../storage/database.ts'
import { createEventLog } from '../storage/event-log.ts'
import { demandUsable } from '../storage/inspect-folder.ts'
import { prepareFolder } from '../storage/prepare-folder.ts'
import { startReader } from '../storage/reader.ts'
import { holdRestored } from '../storage/restored-queue.ts'
import { openSearch } from '../storage/search-database.ts'
import { createStorageState } from '../storage/storage-state.ts'
import { startTending } from '../storage/tending.ts'
import type { Keep } from './disposer.ts'
import type { CompleteEnvironment } from './environment.ts'

export type StorageParts = ReturnType<typeof openStorage>

/** Locks the data folder and opens its storage. */
export function openStorage(config: Config, { clock, writeLog }: CompleteEnvironment, keep: Keep) {
  const folder = config.dataFolder
  const maskSecrets = createSecretMask(config.apiKey === null ? [] : [config.apiKey])
  const log = createLog(config.logLevel, writeLog, maskSecrets)
  const load = createLoadMeter()
  const bytesUnderWay = createByteBudget({ clock, maxBytes: maxBytesUnderWay() })
  demandUsable(folder)
  keep({ close: lockFolder(folder).release }, 'folder lock')
  restrictAll(folder)
  prepareFolder(folder, clock.now())
  const database = openDatabase(folder)
  holdRestored(database, folder, clock.now())
  keep({ close: () => database.close() }, 'database')
  const storage = createStorageState(folder, log)
  storage.look()
  let isSearchNew = false
  openSearch(folder, () => {
    isSearchNew = true
  }).close()
  const eventLog = createEventLog(database, maskSecrets)
  const queue = keep(createCommitQueue(database, eventLog, clock, storage), 'commit queue')
  keep(startCheckpoints({ database, folder, queue, clock, log }), 'checkpoints')
  const reader = keep(startReader(folder, storage, clock), 'reader thread')
  keep(startTending({ storage, clock, log }), 'storage checks')
  const provenClock = keep(
    startProvenClock({ database, queue, eventLog, clock, log }),
    'clock record',
  )
  const messageTimes = createMessageTimes(database, eventLog.steps)
  const stores = { database, eventLog, messageTimes, queue, reader, storage, isSearchNew }
  const memory = { load, bytesUnderWay }
  return { folder, clock, provenClock, log, maskSecrets, keep, ...memory, ...stores }
}
