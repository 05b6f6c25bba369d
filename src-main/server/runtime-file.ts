import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../base/durable-file.ts'

/** Tells the command line of the same user where the server is; nobody else may read the key in it. */
export function writeRuntimeFile(folder: string, facts: Readonly<Record<string, string | number>>) {
  const file = join(folder, 'server.json')
  // Earlier versions called it so; what a crash left of it names a server that is gone.
  rmSync(join(folder, 'relay.json'), { force: true })
  // Under its name only when it is whole: somebody may be waiting for it.
  writeDurably(file, `${JSON.stringify(facts, null, 2)}\n`)
  return { close: () => rmSync(file, { force: true }) }
}
