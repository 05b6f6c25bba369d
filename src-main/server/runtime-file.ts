import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../base/durable-file.ts'

/** Address and console key of the running server, for the CLI of the same user; mode 0600. */
export function writeRuntimeFile(folder: string, facts: Readonly<Record<string, string | number>>) {
  const file = join(folder, 'server.json')
  // Earlier versions wrote this name, and a crash may have left the file.
  rmSync(join(folder, 'relay.json'), { force: true })
  // Renamed into place when complete: a process may be waiting for it.
  writeDurably(file, `${JSON.stringify(facts, null, 2)}\n`)
  return { close: () => rmSync(file, { force: true }) }
}
