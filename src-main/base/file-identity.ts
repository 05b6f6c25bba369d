import { statSync } from 'node:fs'

type FileFacts = { readonly identity: string; readonly size: number }

/** Null: no file can be seen there. */
export function fileFacts(path: string): FileFacts | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? { identity: `${found.dev}:${found.ino}`, size: Number(found.size) } : null
  } catch {
    // A folder of the path has become a file, or lost its permissions.
    return null
  }
}

/** Changes when another file takes the name. */
export const fileIdentity = (path: string): string | null => fileFacts(path)?.identity ?? null
