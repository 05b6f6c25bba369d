import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findElectron, isElectron, missingLibraries } from './electron.ts'
import { npmCommand } from './npm.ts'
import { schemathesis } from './schemathesis.ts'
import { type Counts, playwrightCounts, vitestCounts } from './test-counts.ts'

/** A suite that this machine cannot run, and the command that would change that. */
export type NotRun = { readonly reason: string; readonly enable: string }
export type Suite = (root: string) => Promise<Counts | NotRun>

const say = (line: string) => console.log(line)

export const suites = { check, unit, schemathesis, ui, desktop } satisfies Record<string, Suite>

async function check(root: string): Promise<Counts> {
  let passed = 0
  const steps = ['typecheck', 'lint', 'deadcode']
  for (const step of steps) {
    const exitCode = await run(root, npmCommand('run', '--silent', step))
    say(`${exitCode === 0 ? 'passed' : 'FAILED'}  ${step}`)
    if (exitCode === 0) passed += 1
  }
  return { passed, failed: steps.length - passed, skipped: 0 }
}

async function unit(root: string): Promise<Counts> {
  const report = freshReport(root, 'unit')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  // Hundreds of relays are started, each with threads that read the same sources.
  const environment = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled') }
  const command = [process.execPath, [vitest, 'run', ...reporters]] as const
  return vitestCounts(report, await run(root, command, environment))
}

async function ui(root: string): Promise<Counts | NotRun> {
  const chromium = findChromium()
  if (!chromium) {
    return {
      reason: 'there is no Chromium or Chrome',
      enable: 'sudo apt-get install chromium   (or CHROMIUM=/path/to/chrome npm test -- ui)',
    }
  }
  return playwright(root, 'ui', { CHROMIUM: chromium })
}

async function desktop(root: string): Promise<Counts | NotRun> {
  const electron = await findElectron({ root, forTests: true, say })
  if (!isElectron(electron)) {
    return {
      reason: electron.reason,
      enable: 'ELECTRON_OVERRIDE_DIST_PATH=/folder/of/electron npm test -- desktop',
    }
  }
  const libraries = missingLibraries(electron)
  if (libraries.length > 0) {
    return {
      reason: `Electron needs libraries that are not installed: ${libraries.join(', ')}`,
      enable: 'sudo apt-get install libgtk-3-0 libnss3 libasound2 libgbm1',
    }
  }
  const needsDisplay = process.platform === 'linux' && !process.env.DISPLAY
  if (needsDisplay && !onPath('xvfb-run')) {
    return { reason: 'there is no display', enable: 'sudo apt-get install xvfb xauth' }
  }
  say(`Testing with ${electron.title}`)
  const environment = {
    MAILSAGE_ELECTRON: electron.executable,
    MAILSAGE_ELECTRON_ARGS: JSON.stringify(electron.args),
  }
  const display = ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24'] as const
  return playwright(root, 'desktop', environment, needsDisplay ? display : [])
}

async function playwright(
  root: string,
  suite: string,
  environment: Readonly<Record<string, string>>,
  wrapper: readonly string[] = [],
): Promise<Counts> {
  const report = freshReport(root, suite)
  const cli = join(root, 'node_modules/@playwright/test/cli.js')
  const config = join(root, 'test', suite, 'playwright.config.ts')
  const [command = process.execPath, ...args] = [
    ...wrapper,
    ...[process.execPath, cli, 'test', '-c', config, '--reporter=list,json'],
  ]
  const exitCode = await run(root, [command, args], {
    ...environment,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
  return playwrightCounts(report, exitCode)
}

async function run(
  root: string,
  [command, args]: readonly [string, readonly string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const env = { ...process.env, ...environment }
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env })
  const [exitCode] = await once(child, 'close')
  return exitCode ?? 1
}

function freshReport(root: string, suite: string): string {
  const report = join(root, 'test-results', `${suite}.json`)
  rmSync(report, { force: true })
  return report
}

function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  return [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ].find((file) => existsSync(file))
}

function onPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => existsSync(join(folder, program)))
}
