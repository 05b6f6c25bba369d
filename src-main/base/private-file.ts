import { chmodSync, closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ownerOnly = 0o600
const companions = ['', '-wal', '-shm', '-journal']

/**
 * Creates a file with mode 0600, or removes the permissions of others from an existing one and from
 * SQLite's files beside it. SQLite gives new files beside a database the mode of the database.
 */
export function keepPrivate(file: string): void {
  if (!statSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, 'a', ownerOnly))
  for (const companion of companions) restrict(file + companion)
}

/** The names of MailSage's files; a chosen folder may hold other files. */
const ours =
  /^(mailsage|search|vault|smtp|settings|server|relay|restore|passing|reserve|lock|tidy)\b/

/** Removes the permissions of others from all files of MailSage; a manual copy may have widened them. */
export function restrictAll(folder: string): void {
  for (const name of readdirSync(folder)) if (ours.test(name)) restrict(join(folder, name))
}

/** Leaves files of another owner alone. */
function restrict(file: string): void {
  const known = statSync(file, { throwIfNoEntry: false })
  if (!known?.isFile() || (known.mode & 0o077) === 0) return
  try {
    chmodSync(file, ownerOnly)
  } catch {
    // Another owner, or a file system without modes.
  }
}
