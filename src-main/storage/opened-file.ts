/**
 * Runs work on one SQLite file and adds its path to an error, as errors of the file system have it, so
 * that the sentence for the error names this file.
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
