import { join } from 'node:path'

/** A checked copy that replaces the database at the next start, and its check result. */
export const restoreFile = (folder: string): string => join(folder, 'restore.db')
export const restoreFacts = (folder: string): string => join(folder, 'restore.json')
/** The facts of a restore, until its queue is held. */
export const restoredFacts = (folder: string): string => join(folder, 'restored.json')
/** If this file exists, the next start compacts the database. */
export const tidyMark = (folder: string): string => join(folder, 'tidy-at-start')
/** A copy in progress; a start deletes those that are left over. */
export const temporaryFile = (folder: string, name: string): string =>
  join(folder, `passing-${name}.db`)
export const isTemporaryFile = (name: string): boolean =>
  /^passing-.*\.db(-wal|-shm|-journal)?$/.test(name)
