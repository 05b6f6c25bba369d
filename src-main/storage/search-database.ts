import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { setAside } from '../base/durable-file.ts'
import { keepPrivate } from '../base/private-file.ts'
import { type Database, distrust } from './database.ts'
import { onFile } from './opened-file.ts'

/** Raised when the tables or their content change; the file is then rebuilt. */
const version = 5

export const searchFile = (folder: string): string => join(folder, 'search.db')

/**
 * The search index has a file of its own, written by the index thread alone, so that the writer of
 * mail never waits for a merge of the index. It is rebuilt from the messages when it is missing, so
 * it needs no fsync. `onDamage` is called when a file exists and cannot be used.
 */
export function openSearch(folder: string, onDamage: () => void = () => undefined): Database {
  const file = searchFile(folder)
  const known = openKnown(file)
  if (known !== 'missing' && known !== 'damaged') {
    if (known.pragma('user_version', { simple: true }) === version) return known
    known.close()
  }
  if (known === 'damaged') onDamage()
  return createSearch(folder)
}

/** Replaces the file by one with empty tables. */
export function createSearch(folder: string): Database {
  const file = searchFile(folder)
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) setAside(file, Date.now())
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const created = open(file)
  created.exec(tables)
  created.pragma(`user_version = ${version}`)
  return created
}

/** True: the query uses the index, whose tables have the prefix `search.`. */
export const readsSearch = (sql: string): boolean => sql.includes('search.')

/**
 * True for an error of a damaged or incomplete file (sqlite.org/rescode.html). FTS5 reports damage as
 * a generic error, like a query that cannot be parsed.
 */
export function isDamage(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (code === 'SQLITE_ERROR') return !isOfQuery.test(String(message))
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code)
}

const isOfQuery =
  /^(fts5: (syntax|parser)|malformed MATCH|unterminated string|unknown special|no such column|too many|expression tree)/

function openKnown(file: string): Database | 'missing' | 'damaged' {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return 'missing'
  if (!found.isFile()) return 'damaged'
  let database: Database | null = null
  try {
    database = open(file)
    if (hasItsTables(database)) return database
    database.close()
    return 'damaged'
  } catch (error) {
    database?.close()
    if (isDamage(error)) return 'damaged'
    throw error
  }
}

/** A file of another version is rebuilt; one of this version must be complete. */
function hasItsTables(database: Database): boolean {
  const written = database.pragma('user_version', { simple: true })
  const count = database
    .prepare<[], number>(
      "SELECT count(*) FROM sqlite_schema WHERE name IN ('progress', 'digests', 'words')",
    )
    .pluck()
    .get()
  if (written !== version) return written !== 0
  // Opens the tables that FTS5 keeps the words in.
  if (count === 3) database.prepare('SELECT 1 FROM words LIMIT 1').get()
  return count === 3
}

const open = (file: string): Database => onFile(file, () => openFile(file))

function openFile(file: string): Database {
  keepPrivate(file)
  const database = new Sqlite(file)
  try {
    distrust(database)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = OFF')
    database.pragma('busy_timeout = 5000')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Attaches the search tables to a connection, as `search.digests` and `search.words`. */
export function attachSearch(database: Database, folder: string): void {
  database.prepare('ATTACH ? AS search').run(searchFile(folder))
}

const tables = `
  CREATE TABLE progress (through INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (0);

  CREATE TABLE digests (
    message_id INTEGER PRIMARY KEY,
    snippet TEXT NOT NULL,
    attachments INTEGER NOT NULL,
    parts TEXT NOT NULL,
    -- Why the message could not be read; then the parts are not known.
    problem TEXT
  ) STRICT;

  CREATE INDEX digests_attachments ON digests (message_id) WHERE attachments > 0;

  -- Only its terms are stored: the text itself is read from the message when it is shown.
  CREATE VIRTUAL TABLE words USING fts5 (
    subject, sender, recipients, copies, body, headers,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
  );
`
