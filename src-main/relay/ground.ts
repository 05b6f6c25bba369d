import { createLoadMeter } from '../base/load-meter.ts'
import { createLog } from '../base/log.ts'
import type { Config } from '../config.ts'
import { startCheckpoints } from '../storage/checkpoints.ts'
import { createCommitQueue } from '../storage/commit-queue.ts'
import { lockFolder, openDatabase } from '../storage/database.ts'
import { createEventLog } from '../storage/event-log.ts'
import { prepareFolder } from '../storage/prepare-folder.ts'
import { startReader } from '../storage/reader.ts'
import { openSearch } from '../storage/search-database.ts'
import type { Keep } from './closing.ts'
import type { World } from './outside.ts'

export type Ground = ReturnType<typeof openGround>

/** What everything else stands on: the folder, which is ours alone from here on, and its storage. */
export function openGround(config: Config, { clock, writeLog }: World, keep: Keep) {
  const folder = config.dataFolder
  const log = createLog(config.logLevel, writeLog)
  const load = createLoadMeter()
  keep({ close: lockFolder(folder).release })
  prepareFolder(folder, clock.now())
  const database = openDatabase(folder)
  keep({ close: () => database.close() })
  openSearch(folder).close()
  const eventLog = createEventLog(database)
  const queue = keep(createCommitQueue(database, eventLog, clock))
  keep(startCheckpoints({ database, folder, queue, clock, log }))
  const reader = keep(startReader(folder))
  return { folder, clock, log, load, keep, database, eventLog, queue, reader }
}
