import { statSync } from 'node:fs'

/** Changes when another file lies under the name; null: none does, or none that can be seen. */
export function fileIdentity(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? `${found.dev}:${found.ino}` : null
  } catch {
    // A folder in the path that is a file now, or may not be entered.
    return null
  }
}
