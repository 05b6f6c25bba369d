import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { rename, rm, stat, statfs } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Clock, iso } from '../../base/clock.ts'
import { writeDurably } from '../../base/durable-file.ts'
import { timeId } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import { Fault, isStorageFault } from '../../contract/faults.ts'
import { PendingRestore, type Storage } from '../../contract/storage.ts'
import { startCopies } from '../../storage/copies.ts'
import { databaseFile } from '../../storage/database.ts'
import { restoreFacts, restoreFile, temporaryFile, tidyMark } from '../../storage/folder-files.ts'
import type { Reader } from '../../storage/reader.ts'
import { searchFile } from '../../storage/search-database.ts'
import { freeBytes as freeBytesOf } from '../../storage/storage-faults.ts'
import { type LiveCaller, requireInstallation } from '../auth/caller.ts'
import { requireUnbound } from '../auth/key-bounds.ts'
import type { RestoredQueue } from '../outbox/restored-queue.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { StorageWatch } from './storage-watch.ts'

export type Backups = ReturnType<typeof createBackups>

type BackupDeps = {
  readonly folder: string
  readonly reader: Reader
  readonly indexing: Indexing
  readonly storage: StorageWatch
  readonly restoredQueue: RestoredQueue
  readonly clock: Clock
  readonly log: Log
}

/** Disk space that backups and restores leave free. */
const reserveBytes = 64 * 1024 * 1024

type BackupContext = BackupDeps & {
  isCopying: boolean
  isRestoring: boolean
  readonly copies: ReturnType<typeof startCopies>
}

/** Backup, restore and disk use of the database. */
export function createBackups(deps: BackupDeps) {
  const { folder } = deps
  const copies = startCopies(folder)
  const context: BackupContext = { ...deps, isCopying: false, isRestoring: false, copies }

  return {
    storage: (caller: LiveCaller): Promise<Storage> => readStorage(context, caller),

    /** A consistent copy, as a stream. The file is removed when the stream closes. */
    copy: (caller: LiveCaller) => makeCopy(context, caller),

    /** Receives a backup, checks it, and stages it for the next start. */
    restore: (caller: LiveCaller, upload: Readable): Promise<PendingRestore> =>
      stageRestore(context, caller, upload),

    async cancelRestore(caller: LiveCaller): Promise<Storage> {
      requireInstallation(caller, 'restore backups')
      if (pending(context) === null) throw new Fault('not_found', 'There is no pending restore.')
      await rm(restoreFile(folder), { force: true })
      await rm(restoreFacts(folder), { force: true })
      return readStorage(context, caller)
    },

    /** VACUUM rewrites the whole file, so it runs before the server starts. */
    async tidyAtStart(caller: LiveCaller): Promise<Storage> {
      requireInstallation(caller, 'tidy the database')
      writeDurably(tidyMark(folder), '')
      return readStorage(context, caller)
    },

    close: copies.close,
  }
}

async function readStorage(context: BackupContext, caller: LiveCaller): Promise<Storage> {
  const { folder, indexing, storage: watch, reader, restoredQueue } = context
  requireInstallation(caller, 'see the data folder')
  const [database, wal, index, indexPercent] = await Promise.all([
    sizeOf(databaseFile(folder)),
    sizeOf(`${databaseFile(folder)}-wal`),
    sizeOf(searchFile(folder)),
    ifReadable(indexing.percent()),
  ])
  const counts = await ifReadable(
    reader.first<{ unused: number; messages: number }>(
      `SELECT (SELECT freelist_count FROM pragma_freelist_count)
       * (SELECT page_size FROM pragma_page_size) AS unused,
       (SELECT coalesce(sum(total), 0) FROM inboxes)
       + (SELECT count(*) FROM messages WHERE mode = 'live') AS messages`,
    ),
  )
  return {
    folder,
    database_bytes: database + wal,
    index_bytes: index,
    unused_bytes: counts?.unused ?? 0,
    index_percent: indexPercent ?? 0,
    free_bytes: freeBytesOf(folder),
    messages: counts?.messages ?? 0,
    problems: watch.problems(),
    tidies_at_start: existsSync(tidyMark(folder)),
    pending_restore: pending(context),
    restored_queue: restoredQueue.state(),
  }
}

function pending({ folder }: BackupContext): PendingRestore | null {
  if (!existsSync(restoreFile(folder)) || !existsSync(restoreFacts(folder))) return null
  return PendingRestore.parse(JSON.parse(readFileSync(restoreFacts(folder), 'utf8')))
}

async function freeBytes({ folder }: BackupContext): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function requireSpace(context: BackupContext, bytes: number): Promise<void> {
  const free = await freeBytes(context)
  if (free - bytes >= reserveBytes) return
  throw new Fault(
    'conflict',
    `There is not enough disk space: the backup needs ${Math.ceil(bytes / 1e6)} MB, ${Math.floor(free / 1e6)} MB are free.`,
  )
}

async function makeCopy(context: BackupContext, caller: LiveCaller) {
  const { folder, clock, copies, log } = context
  requireInstallation(caller, 'make backups')
  requireUnbound(caller, 'make a backup, which holds the mail of all keys')
  if (context.isCopying) {
    throw new Fault('conflict', 'Another backup is running. Try again when it is done.')
  }
  context.isCopying = true
  const file = temporaryFile(folder, timeId('backup', clock.now()))
  try {
    await requireSpace(context, await sizeOf(databaseFile(folder)))
    await copies.make(file)
    const bytes = await sizeOf(file)
    const stream = createReadStream(file)
    stream.once('close', () => {
      rm(file, { force: true }).catch((error) =>
        log.error('A temporary backup file could not be removed', error),
      )
    })
    const date = iso(clock.now()).slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')
    return { name: `mailsage-${date}.db`, bytes, stream }
  } catch (error) {
    await rm(file, { force: true })
    throw error
  } finally {
    context.isCopying = false
  }
}

async function stageRestore(
  context: BackupContext,
  caller: LiveCaller,
  upload: Readable,
): Promise<PendingRestore> {
  const { folder, clock, copies } = context
  requireInstallation(caller, 'restore backups')
  requireUnbound(caller, 'restore a backup, which brings its own keys')
  if (context.isRestoring) {
    throw new Fault('conflict', 'Another restore is running. Try again when it is done.')
  }
  context.isRestoring = true
  const file = temporaryFile(folder, timeId('restore', clock.now()))
  try {
    const maxBytes = (await freeBytes(context)) - reserveBytes
    await pipeline(upload, limitBytes(maxBytes), createWriteStream(file, { mode: 0o600 }))
    const { problem, schemaVersion, messages, held, lost } = await copies.check(file)
    if (problem !== null) throw new Fault('invalid_request', problem)
    const facts: PendingRestore = {
      bytes: await sizeOf(file),
      messages,
      schema_version: schemaVersion,
      uploaded_at: iso(clock.now()),
      will_hold: held,
      will_lose: lost,
    }
    writeDurably(restoreFacts(folder), `${JSON.stringify(facts)}\n`)
    await rename(file, restoreFile(folder))
    return facts
  } finally {
    for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true })
    context.isRestoring = false
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}

/** Null for an unreadable database; `problems` gives the reason. */
async function ifReadable<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read
  } catch (error) {
    if (isStorageFault(error)) return null
    throw error
  }
}

function limitBytes(maxBytes: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let received = 0
    for await (const chunk of source) {
      received += chunk.length
      if (received > maxBytes) {
        throw new Fault('message_too_large', 'There is not enough disk space for this backup.')
      }
      yield chunk
    }
  }
}
