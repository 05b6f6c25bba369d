import Sqlite from 'better-sqlite3'
import { distrust } from './database.ts'

/** How many messages a database has that a backup does not; null: that cannot be counted. */
export function countLost(databasePath: string, backupPath: string): number | null {
  try {
    const database = new Sqlite(databasePath, { readonly: true })
    try {
      distrust(database)
      database.prepare('ATTACH ? AS backup').run(backupPath)
      const lost = database
        .prepare<[], number>(`
          SELECT count(*) FROM (
            SELECT public_id FROM main.messages
            UNION ALL SELECT public_id FROM main.scheduled WHERE status = 'scheduled'
          )
          WHERE public_id NOT IN (SELECT public_id FROM backup.messages)
            AND public_id NOT IN (SELECT public_id FROM backup.scheduled)
        `)
        .pluck()
        .get()
      return lost ?? null
    } finally {
      database.close()
    }
  } catch {
    return null
  }
}
