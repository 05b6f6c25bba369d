import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tells the command line of the same user where the relay is; nobody else may read the key in it. */
export function announce(folder: string, facts: Readonly<Record<string, string | number>>) {
  const file = join(folder, 'relay.json')
  // Under its name only when it is whole: somebody may be waiting for it.
  writeFileSync(`${file}.new`, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return { close: () => rmSync(file, { force: true }) }
}
