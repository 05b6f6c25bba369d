import { parentPort, workerData } from 'node:worker_threads'
import { type Answered, type Asked, giveWay } from '../base/thread.ts'
import { openForCheckpoints } from './database.ts'

/** Moves what is committed from the write-ahead log into the database, beside the writer's work. */
giveWay()
const database = openForCheckpoints((workerData as { readonly folder: string }).folder)

parentPort?.on('message', ({ number }: Asked<null>) => {
  let answer: Answered<null>
  try {
    database.pragma('wal_checkpoint(PASSIVE)')
    answer = { number, reply: null }
  } catch (error) {
    answer = { number, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer)
})
