import { workerData } from 'node:worker_threads'
import { fileIdentity } from '../base/file-identity.ts'
import { answerRequests } from '../base/thread-requests.ts'
import { type Database, isBusy, openReadOnly, type Statement } from './database.ts'
import type { Query } from './reader.ts'
import { attachSearch, isDamage, readsSearch, searchFile } from './search-database.ts'
import { createSearchLimit } from './search-limit.ts'

/** The reader thread: runs one query after the other on a read-only connection. */
const {
  folder,
  identity: mailIdentity,
  stop,
  maxMs,
} = workerData as {
  readonly folder: string
  readonly identity: string | null
  readonly stop: SharedArrayBuffer
  readonly maxMs: number
}
const limit = createSearchLimit(stop, maxMs)
let database: Database | null = null
let prepared = new Map<string, Statement<unknown[]>>()
/** The identity of the attached search index; null: none. */
let attached: string | null = null

function run({ sql, parameters }: Query): unknown[] {
  const withSearch = readsSearch(sql)
  try {
    const statement = prepare(connect(withSearch), sql)
    limit.begin()
    return statement.all(...parameters)
  } catch (error) {
    // In WAL mode a lock of a writer does not block a reader.
    if (withSearch && isBusy(error)) Object.assign(error as Error, { path: searchFile(folder) })
    // A rebuilt index may get the same inode as the previous one.
    if (withSearch && isDamage(error)) disconnect()
    throw error
  }
}

/** Opens a new connection after a rebuild of the index, which replaces its file. */
function connect(withSearch: boolean): Database {
  const identity = withSearch ? fileIdentity(searchFile(folder)) : attached
  const isAttached = attached !== null && (identity === null || attached === identity)
  if (database && (!withSearch || isAttached)) return database
  disconnect()
  const opened = openReadOnly(folder, mailIdentity)
  limit.install(opened)
  if (withSearch) {
    try {
      attachSearch(opened, folder)
    } catch (error) {
      opened.close()
      throw error
    }
    attached = identity
  }
  database = opened
  return opened
}

function disconnect(): void {
  database?.close()
  database = null
  prepared = new Map()
  attached = null
}

function prepare(connection: Database, sql: string): Statement<unknown[]> {
  const known = prepared.get(sql)
  if (known) return known
  const statement = connection.prepare<unknown[]>(sql)
  if (prepared.size < 500) prepared.set(sql, statement)
  return statement
}

answerRequests(run)
