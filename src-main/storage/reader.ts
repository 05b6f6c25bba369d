import { fileIdentity } from '../base/file-identity.ts'
import { startThread } from '../base/thread.ts'
import { databaseFile } from './database.ts'
import { isDamage, readsSearch } from './search-database.ts'
import type { StorageState } from './storage-state.ts'

export type Query = { readonly sql: string; readonly parameters: readonly unknown[] }

export type Reader = ReturnType<typeof startReader>

/**
 * Reads that grow with the inbox run on a thread of their own. A read sees everything that was
 * committed before it was asked for. The row type is the caller's word for what its SQL selects.
 */
export function startReader(folder: string, storage: StorageState) {
  const thread = startThread<Query, unknown[]>(
    import.meta.url,
    'reader-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    { maxCrashes: 2 },
  )
  let makeSearchAnew: (() => Promise<void>) | null = null
  let mending: Promise<void> | null = null
  let mended = 0

  async function all<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    const mendedBefore = mended
    try {
      return (await thread.ask({ sql, parameters })) as Row[]
    } catch (error) {
      const isMendable = readsSearch(sql) && isSearchTrouble(error) && !storage.look()
      if (!makeSearchAnew || !isMendable) throw explained(error)
      if (mended === mendedBefore) await mendSearch(makeSearchAnew)
    }
    // What is damaged now is not the index.
    return thread.ask({ sql, parameters }).catch((error) => {
      throw explained(error)
    }) as Promise<Row[]>
  }

  /** Once for all reads that met the same damage. */
  function mendSearch(make: () => Promise<void>): Promise<void> {
    mending ??= make().finally(() => {
      mended += 1
      mending = null
    })
    return mending
  }

  const explained = (error: unknown): unknown => storage.explain(error) ?? error

  return {
    all,
    async first<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row | null> {
      const [row] = await all<Row>(sql, ...parameters)
      return row ?? null
    },
    /** Who makes the index again, when a read finds it damaged or gone. */
    onDamagedSearch(make: () => Promise<void>): void {
      makeSearchAnew = make
    },
    close: thread.close,
  }
}

function isSearchTrouble(error: unknown): boolean {
  if (isDamage(error)) return true
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'SQLITE_CANTOPEN' || /no such table: search\./.test(String(message))
}
