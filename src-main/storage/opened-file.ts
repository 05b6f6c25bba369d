/**
 * Works on one file of SQLite. An error carries that file from here on, as those of the file system
 * do, so that the sentence made of it names the file that was opened.
 */
export function onFile<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const isOfSqlite = String((error as { readonly code?: unknown }).code).startsWith('SQLITE_')
    if (isOfSqlite && error instanceof Error && !('path' in error)) Object.assign(error, { path })
    throw error
  }
}
