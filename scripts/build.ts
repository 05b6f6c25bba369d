import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const sources = [
  'src-main',
  'src-renderer',
  'docs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
]
const products = [
  'out/main/index.js',
  'out/main/headless.js',
  'out/main/mailsage.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
]

/** Builds when something is missing or older than the sources; throws what the build said if it fails. */
export function buildIfStale(root: string, say: (line: string) => void): void {
  if (!isStale(root)) return
  say('Building…')
  const vite = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const build = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (build.status === 0) return
  throw new Error(`The build failed.\n${build.stdout}${build.stderr}`)
}

function isStale(root: string): boolean {
  const files = products.map((file) => join(root, file))
  if (!files.every((file) => existsSync(file))) return true
  const oldestProduct = Math.min(...files.map((file) => statSync(file).mtimeMs))
  return sources.some((source) => newestMs(join(root, source)) > oldestProduct)
}

/** A folder counts too: its time changes when a file in it is removed. */
function newestMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
