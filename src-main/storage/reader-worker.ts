import { workerData } from 'node:worker_threads'
import { answerRequests } from '../base/thread-requests.ts'
import { openReadOnly, type Statement } from './database.ts'
import type { Query } from './reader.ts'
import { attachSearch } from './search-database.ts'

/** The reader thread: runs one query after the other on a connection that cannot write. */
const { folder } = workerData as { readonly folder: string }
const database = openReadOnly(folder)
attachSearch(database, folder)
const prepared = new Map<string, Statement<unknown[]>>()

function run({ sql, parameters }: Query): unknown[] {
  const known = prepared.get(sql)
  const statement = known ?? database.prepare<unknown[]>(sql)
  if (!known && prepared.size < 500) prepared.set(sql, statement)
  return statement.all(...parameters)
}

answerRequests(run)
