import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfStale } from './build.ts'
import { type Electron, findElectron, isElectron, missingLibraries, rootArgs } from './electron.ts'

const root = join(import.meta.dirname, '..')
/** The shell of `npm run`. */
const shell = process.ppid
const say = (line: string) => console.log(line)

async function main(): Promise<void> {
  const flags = process.argv.slice(2)
  const settings = flags.filter((flag) => flag !== '--headless')
  closeWithShell()
  buildIfStale(root, say)
  const isHelp = flags.includes('--help') || flags.includes('-h')
  if (isHelp || flags.includes('--headless')) return runHeadless(settings)
  const display = missingDisplay()
  if (display) return explain(display, settings)
  const electron = await findElectron({ root, forTests: false, say })
  if (!isElectron(electron)) return explain(electron.reason, settings)
  const libraries = missingLibraries(electron)
  if (libraries.length > 0) return explain(`Electron needs ${libraries.join(', ')}`, settings)
  runDesktop(electron, settings)
}

/** npm sends SIGTERM to its shell only, which ends without sending it on. */
function closeWithShell(): void {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 100)
  watch.unref()
}

function missingDisplay(): string | null {
  if (process.platform !== 'linux') return null
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return DISPLAY || WAYLAND_DISPLAY ? null : 'there is no display (DISPLAY is not set)'
}

function explain(reason: string, settings: readonly string[]): Promise<void> {
  say(`No desktop window: ${reason}. Running headless; the same window is at the address below.`)
  return runHeadless(settings)
}

/** In this process, so that signals and the exit code need no passing on. */
async function runHeadless(settings: readonly string[]): Promise<void> {
  const entry = join(root, 'out/main/headless.js')
  process.argv = [process.execPath, entry, ...settings]
  await import(pathToFileURL(entry).href)
}

function runDesktop({ executable, args, title }: Electron, settings: readonly string[]): void {
  say(`Opening the window with ${title}`)
  const app = spawn(executable, [...args, ...rootArgs(), ...settings], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.kill(signal))
  app.once('error', (error) => {
    console.error(`Electron could not be started: ${error.message}`)
    process.exit(1)
  })
  app.once('exit', (code, signal) => {
    if (signal) console.error(`Electron ended by ${signal}; \`npm run headless\` runs without it.`)
    process.exit(code ?? 1)
  })
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
