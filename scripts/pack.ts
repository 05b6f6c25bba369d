import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildIfStale } from './build.ts'
import { npmCommand } from './npm.ts'
import { makePackage } from './package-folder.ts'

const root = join(import.meta.dirname, '..')
const say = (line: string) => console.log(line)

/** Makes the npm package `mailsage`; `--to FOLDER` names its folder, by default `dist`. */
async function main(): Promise<void> {
  const [option, given] = process.argv.slice(2)
  if (option !== undefined && (option !== '--to' || given === undefined)) {
    throw new Error('npm run pack takes only --to FOLDER.')
  }
  const target = given ?? join(root, 'dist')
  const folder = join(root, 'dist', 'package')
  buildIfStale(root, say)
  rmSync(folder, { recursive: true, force: true })
  await makePackage(root, folder)
  mkdirSync(target, { recursive: true })
  const [npm, args] = npmCommand('pack', folder, '--pack-destination', target, '--json')
  const packed = spawnSync(npm, [...args], { cwd: root, encoding: 'utf8' })
  if (packed.status !== 0) throw new Error(`npm pack failed.\n${packed.stderr}`)
  const files = Object.values(JSON.parse(packed.stdout)) as {
    readonly filename: string
    readonly unpackedSize: number
  }[]
  for (const { filename, unpackedSize } of files) {
    const size = (unpackedSize / 1_048_576).toFixed(1)
    // npx takes a file by a relative path only.
    const shown = `./${relative(process.cwd(), join(target, filename))}`
    say(`${join(target, filename)}, ${size} MiB unpacked. Try it with: npx ${shown}`)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
