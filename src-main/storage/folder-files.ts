import { join } from 'node:path'

/** A checked copy that takes the database's place at the next start, and what is known of it. */
export const restoreFile = (folder: string): string => join(folder, 'restore.db')
export const restoreFacts = (folder: string): string => join(folder, 'restore.json')
/** What a start did when it put a backup in place, until its queue is held. */
export const restoredFacts = (folder: string): string => join(folder, 'restored.json')
/** Its presence asks the next start to give unused room back. */
export const tidyMark = (folder: string): string => join(folder, 'tidy-at-start')
/** What is being made or received; whatever a start finds under this name is left over. */
export const passingFile = (folder: string, name: string): string =>
  join(folder, `passing-${name}.db`)
export const isPassingFile = (name: string): boolean =>
  /^passing-.*\.db(-wal|-shm|-journal)?$/.test(name)
