import Sqlite from 'better-sqlite3'
import { type Database, migrations } from './database.ts'

type SchemaRow = {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

/** More than any version has; a hostile file may have millions of objects. */
const maxObjects = 2000
/** Created by SQLite itself. */
const internal = new Set(['table sqlite_sequence'])
/** Triggers that some databases before version 11 lack; that version drops them. */
const maybeMissing = new Set(['trigger inbox_captured', 'trigger tags_captured'])

/**
 * Compares the schema of a file with the schema of its version. The author of a backup may be another
 * person than the one who restores it, and a foreign trigger or view would run with all rights.
 * Returns a sentence about the first difference, or null.
 */
export function schemaProblem(database: Database, version: number): string | null {
  const expected = byName(schemaOf(version))
  const found = byName(rowsOf(database))
  for (const [name, row] of found) {
    if (internal.has(name)) continue
    const ours = expected.get(name)
    if (!ours) return `This backup has ${called(row)}, which MailSage does not create. ${advice}`
    if (ours.tbl_name !== row.tbl_name || ours.sql !== row.sql)
      return `In this backup ${called(row)} differs from that of MailSage. ${advice}`
  }
  for (const [name, row] of expected) {
    if (!found.has(name) && !internal.has(name) && !maybeMissing.has(name))
      return `This backup lacks ${called(row)}. ${advice}`
  }
  return null
}

const advice = 'Somebody may have changed the file, so it is not used. Choose another one.'

function schemaOf(version: number): SchemaRow[] {
  const database = new Sqlite(':memory:')
  try {
    for (const sql of migrations.slice(0, version)) database.exec(sql)
    return rowsOf(database)
  } finally {
    database.close()
  }
}

const rowsOf = (database: Database): SchemaRow[] =>
  database
    .prepare<[], SchemaRow>(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT ${maxObjects}`,
    )
    .all()

const byName = (rows: readonly SchemaRow[]): ReadonlyMap<string, SchemaRow> =>
  new Map(rows.map((row) => [`${row.type} ${row.name}`, row]))

function called({ type, name }: SchemaRow): string {
  const noun = ['table', 'index', 'trigger', 'view'].includes(type) ? type : 'object'
  return `${noun === 'index' ? 'an' : 'a'} ${noun} “${printable(name)}”`
}

const printable = (name: string): string => name.replaceAll(/\p{C}/gu, '?').slice(0, 80)
