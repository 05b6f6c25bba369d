import { workerData } from 'node:worker_threads'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import { openForCheckpoints } from './database.ts'

/** Moves what is committed from the write-ahead log into the database, beside the writer's work. */
giveWay()
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const database = openForCheckpoints(folder, identity)

answerRequests(() => {
  database.pragma('wal_checkpoint(PASSIVE)')
  return null
})
