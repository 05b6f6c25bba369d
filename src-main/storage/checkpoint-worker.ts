import { workerData } from 'node:worker_threads'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import { openForCheckpoints } from './database.ts'

/** Moves commits from the write-ahead log into the database, while the writer goes on. */
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
