import { openReadOnly } from './database.ts'

/** The number of messages in a database that a backup lacks; null: they cannot be counted. */
export function countLost(folder: string, backupPath: string): number | null {
  try {
    const database = openReadOnly(folder)
    try {
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
