import { fileIdentity } from '../../base/file-identity.ts'
import { databaseFile } from '../../storage/database.ts'
import { createSearch, openSearch, searchFile } from '../../storage/search-database.ts'

/** The tables of `search.db`, for its only writer. `isNew` deletes an existing index. */
export function openIndexTables(folder: string, isNew = false) {
  const search = isNew ? createSearch(folder) : openSearch(folder)
  const identity = fileIdentity(searchFile(folder))
  const mailIdentity = fileIdentity(databaseFile(folder))
  const through = search.prepare<[], number>('SELECT through FROM progress').pluck()
  const setThrough = search.prepare<[number]>('UPDATE progress SET through = ?')
  const insertDigest = search.prepare<[number, string, number, string, string | null]>(`
    INSERT OR REPLACE INTO digests (message_id, snippet, attachments, parts, problem)
    VALUES (?, ?, ?, ?, ?)
  `)
  const insertWords = search.prepare<[number, string, string, string, string, string, string]>(`
    INSERT OR REPLACE INTO words (rowid, subject, sender, recipients, copies, body, headers)
    VALUES (?, ?, ?, ?, ?, ?, ?)
  `)
  const dropDigest = search.prepare<[number]>('DELETE FROM digests WHERE message_id = ?')
  const dropWords = search.prepare<[number]>('DELETE FROM words WHERE rowid = ?')
  const digestsAfter = search
    .prepare<[number], number>(
      'SELECT message_id FROM digests WHERE message_id > ? ORDER BY 1 LIMIT 10000',
    )
    .pluck()

  return {
    through: (): number => through.get() ?? 0,
    setThrough: (id: number): void => void setThrough.run(id),
    insertDigest: (...row: Parameters<typeof insertDigest.run>): void =>
      void insertDigest.run(...row),
    insertWords: (...row: Parameters<typeof insertWords.run>): void => void insertWords.run(...row),
    digestsAfter: (id: number): number[] => digestsAfter.all(id),

    forget: search.transaction((ids: readonly number[]) => {
      for (const id of ids) {
        if (dropDigest.run(id).changes > 0) dropWords.run(id)
      }
    }),

    clear(): void {
      search.exec("DELETE FROM digests; INSERT INTO words (words) VALUES ('delete-all')")
      setThrough.run(0)
    },

    transaction: <T>(work: () => T): T => search.transaction(work)(),

    /** The index file was deleted or replaced, but the mail database was not. */
    isLost: (): boolean =>
      fileIdentity(searchFile(folder)) !== identity &&
      fileIdentity(databaseFile(folder)) === mailIdentity,

    close: (): void => void search.close(),
  }
}
