import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buildIfStale } from './build.ts'
import { makeDeb } from './dist-deb.ts'
import { makeUnpacked } from './dist-linux.ts'
import { npmCommand } from './npm.ts'

const root = join(import.meta.dirname, '..')
const builder = 'electron-builder@26.17.0'
const say = (line: string) => console.log(line)

/** Every package for this system with electron-builder; without GitHub, what can be made from here. */
async function main(): Promise<void> {
  await step('the build', () => {
    buildIfStale(root, say)
    return undefined
  })
  if (await isGithubThere()) {
    say(`Packing with ${builder}, as electron-builder.yml says`)
    const [npm, args] = npmCommand('exec', '--yes', '--', builder, '--publish', 'never')
    const { status } = spawnSync(npm, [...args, ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
    })
    process.exitCode = status ?? 1
    return
  }
  if (process.platform !== 'linux') {
    throw new Error('GitHub cannot be reached, and electron-builder takes its tools from there.')
  }
  say('GitHub cannot be reached, so there is no AppImage and no rpm: their tools come from there.')
  await makeForLinux()
}

async function makeForLinux(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const dist = join(root, 'dist')
  const unpacked = join(dist, 'linux-unpacked')
  const named = (ending: string) =>
    join(dist, `mailsage-${version}-linux-${process.arch}.${ending}`)
  mkdirSync(dist, { recursive: true })
  await step('the app', async () => {
    const { title } = await makeUnpacked(root, unpacked, say)
    say(`With ${title}; the app lies in resources/app as a folder, not in an archive`)
    return unpacked
  })
  await step('tar.gz', () => {
    const [file, top] = [named('tar.gz'), `mailsage-${version}`]
    const rename = `s,^linux-unpacked,${top},`
    const { status } = spawnSync('tar', [
      '-czf',
      file,
      '--transform',
      rename,
      '-C',
      dist,
      'linux-unpacked',
    ])
    if (status !== 0) throw new Error('tar failed')
    return file
  })
  if (!isOnPath('dpkg-deb')) return say('There is no dpkg-deb here, so there is no deb.')
  await step('deb', () => {
    const file = named('deb')
    makeDeb({ root, unpacked, file, compression: 'small' })
    return file
  })
}

/** Says what is being made, how long it took and how large it is. */
async function step(name: string, make: () => Promise<string> | string | undefined) {
  say(`Making ${name}…`)
  const started = performance.now()
  const made = await make()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`  ${seconds} s${made ? `, ${sizeOf(made)}, ${made}` : ''}`)
}

function sizeOf(path: string): string {
  const bytes = statSync(path).isDirectory()
    ? Number(spawnSync('du', ['-sb', path], { encoding: 'utf8' }).stdout.split('\t')[0])
    : statSync(path).size
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

async function isGithubThere(): Promise<boolean> {
  try {
    await fetch('https://github.com', { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
    return true
  } catch {
    return false
  }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
