import { parentPort, workerData } from 'node:worker_threads'
import { digest } from '../base/mime-digest.ts'
import type { Answered, Asked } from '../base/thread.ts'
import { openReadOnly } from '../storage/database.ts'
import type { Digested } from './indexing.ts'

/** The parsing thread: reads raw messages by itself and answers what they hold. It writes nothing. */
const database = openReadOnly((workerData as { folder: string }).folder)
const rawOf = database
  .prepare<[number], Buffer>('SELECT raw FROM bodies WHERE message_id = ?')
  .pluck()

function parse(ids: readonly number[]): Digested[] {
  return ids.flatMap((id) => {
    const raw = rawOf.get(id)
    return raw ? [{ id, digest: digest(raw) }] : []
  })
}

parentPort?.on('message', ({ number, request }: Asked<readonly number[]>) => {
  let answer: Answered<Digested[]>
  try {
    answer = { number, reply: parse(request) }
  } catch (error) {
    answer = { number, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer)
})
