import { chmodSync, closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ownerOnly = 0o600
const companions = ['', '-wal', '-shm', '-journal']

/**
 * Makes a file that only its owner may read, or takes the rights of others away from one that is
 * there, and from what SQLite keeps beside it. SQLite gives its new companions the database's mode.
 */
export function keepPrivate(file: string): void {
  if (!statSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, 'a', ownerOnly))
  for (const companion of companions) restrict(file + companion)
}

/** What MailSage calls its files; others may lie in the folder that somebody chose. */
const ours =
  /^(mailsage|search|vault|smtp|settings|server|relay|restore|passing|reserve|lock|tidy)\b/

/** Takes the rights of others away from every file of ours, as a copy by hand may have left them. */
export function restrictAll(folder: string): void {
  for (const name of readdirSync(folder)) if (ours.test(name)) restrict(join(folder, name))
}

/** Where the file belongs to somebody else, its mode is theirs to choose. */
function restrict(file: string): void {
  const known = statSync(file, { throwIfNoEntry: false })
  if (!known?.isFile() || (known.mode & 0o077) === 0) return
  try {
    chmodSync(file, ownerOnly)
  } catch {
    // Not ours, or a file system without modes: it works all the same.
  }
}
