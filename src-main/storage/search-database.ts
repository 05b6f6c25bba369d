import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Database } from './database.ts'

/** Raised when the tables or what is put into them change: the file is then made again. */
const version = 2

export const searchFile = (folder: string): string => join(folder, 'search.db')

/**
 * What is derived from messages lives in a file of its own, written by the index thread alone, so
 * that the writer of mail never waits for a merge of the index. It can be deleted at any time: it
 * is made again from the messages, which is also why it does not wait for the disk.
 */
export function openSearch(folder: string): Database {
  const file = searchFile(folder)
  const known = existsSync(file) ? open(file) : null
  if (known && known.pragma('user_version', { simple: true }) === version) return known
  known?.close()
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const made = open(file)
  made.exec(tables)
  made.pragma(`user_version = ${version}`)
  return made
}

function open(file: string): Database {
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = OFF')
  database.pragma('busy_timeout = 5000')
  return database
}

/** Makes the search tables readable on a connection as `search.digests` and `search.words`. */
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
    parts TEXT NOT NULL
  ) STRICT;

  CREATE INDEX digests_attachments ON digests (message_id) WHERE attachments > 0;

  -- Only its terms are kept: the text itself is read from the message when it is shown.
  CREATE VIRTUAL TABLE words USING fts5 (
    subject, sender, recipients, copies, body, headers,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
  );
`
