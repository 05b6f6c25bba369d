import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { downloadElectron } from './download-electron.ts'
import { stageTestElectron } from './offline-electron/stage-electron.ts'

export type Electron = {
  /** The program itself, or a script around it. */
  readonly executable: string
  readonly program: string
  /** Arguments that name the app; none where the app is built into this copy. */
  readonly args: readonly string[]
  readonly title: string
}

export type NoElectron = { readonly reason: string }

type Options = {
  readonly root: string
  /** Also the copy that only tests may use. */
  readonly forTests: boolean
  readonly say: (line: string) => void
}

/** Electron at hand: named by the environment, installed, downloaded now, or the one for tests. */
export async function findElectron({
  root,
  forTests,
  say,
}: Options): Promise<Electron | NoElectron> {
  const present = overriddenElectron(root) ?? installedElectron(root)
  if (present) return present
  const download = await downloadElectron(join(root, 'node_modules/electron'), say)
  const downloaded = download.ok ? installedElectron(root) : null
  if (downloaded) return downloaded
  const reason = download.ok ? 'the downloaded Electron is incomplete' : download.reason
  if (!forTests) return { reason }
  say(`${reason}; tests use another Electron`)
  return stageTestElectron(root, say)
}

export const isElectron = (found: Electron | NoElectron): found is Electron => 'executable' in found

/** Chromium's sandbox refuses to run as root; the pages stay sandboxed by Electron's own settings. */
export const rootArgs = (): readonly string[] => (process.getuid?.() === 0 ? ['--no-sandbox'] : [])

/** Electron is a program for desktops; servers often lack what it links to. */
export function missingLibraries({ program }: Electron): string[] {
  if (process.platform !== 'linux') return []
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' })
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, library = '']) => library)
}

function overriddenElectron(root: string): Electron | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!folder) return null
  const executable = join(folder, executableName())
  if (!existsSync(executable)) {
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${folder}, but ${executable} does not exist`)
  }
  return {
    executable,
    program: executable,
    args: [root],
    title: `Electron ${versionIn(folder)} of ${folder}`,
  }
}

function installedElectron(root: string): Electron | null {
  const folder = join(root, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  if (!existsSync(executable)) return null
  return {
    executable,
    program: executable,
    args: [root],
    title: `Electron ${versionIn(join(folder, 'dist'))}`,
  }
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

function versionIn(folder: string): string {
  const file = join(folder, 'version')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'of unknown version'
}
