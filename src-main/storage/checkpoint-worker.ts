import { workerData } from 'node:worker_threads'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import { openForCheckpoints } from './database.ts'

/** Moves what is committed from the write-ahead log into the database, beside the writer's work. */
giveWay()
const database = openForCheckpoints((workerData as { readonly folder: string }).folder)

answerRequests(() => {
  database.pragma('wal_checkpoint(PASSIVE)')
  return null
})
