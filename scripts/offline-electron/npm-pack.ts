import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { npmCommand } from '../npm.ts'

const run = promisify(execFile)

type Package = { readonly spec: string; readonly sha512: string }

/** Fetches a package as the user's npm would, checks it and unpacks it into `folder`/package. */
export async function packFromNpm({ spec, sha512 }: Package, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const [command, args] = npmCommand('pack', spec, '--json', '--pack-destination', folder)
  const packed = await run(command, args)
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }]
  const tarball = join(folder, filename)
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  if (hash.digest('base64') !== sha512) throw new Error(`${spec} is not the package we know`)
  await run('tar', ['-xzf', tarball, '-C', folder])
  return join(folder, 'package')
}
