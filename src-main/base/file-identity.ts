import { statSync } from 'node:fs'

/** Changes when another file takes the name; null: no file can be seen there. */
export function fileIdentity(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? `${found.dev}:${found.ino}` : null
  } catch {
    // A folder of the path has become a file, or lost its permissions.
    return null
  }
}
