import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  _electron,
  test as base,
  type ElectronApplication,
  expect,
  type Page,
} from '@playwright/test'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import { rootArgs } from '../../scripts/electron.ts'
import { failuresIn } from '../server-log.ts'
import { slowDown } from '../ui/slow.ts'

export type RuntimeFile = {
  readonly url: string
  readonly smtpPort: number
  readonly consoleKey: string
}

export type DesktopApp = {
  readonly electron: ElectronApplication
  readonly page: Page
  readonly server: RuntimeFile
  readonly quit: () => Promise<void>
}

type Mail = Pick<SendMailOptions, 'from' | 'to' | 'subject' | 'text' | 'html' | 'attachments'>
type Settings = Readonly<Record<string, string>>

const executable = process.env.MAILSAGE_ELECTRON ?? ''
const appArgs = JSON.parse(process.env.MAILSAGE_ELECTRON_ARGS ?? '[]') as string[]

/** The command of the app, for tests that need its process instead of its window. */
export const command = { executable, args: [...appArgs, ...rootArgs()] }

const environment = (dataFolder: string, settings: Settings = {}): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  MAILSAGE_DATA: dataFolder,
  MAILSAGE_HTTP_PORT: '0',
  MAILSAGE_SMTP_PORT: '0',
  ...settings,
})

type Fixtures = {
  /** Runs a process that does not outlive the test. */
  readonly run: (program: string, args: readonly string[]) => ChildProcess
  readonly dataFolder: string
  readonly launch: (settings?: Settings, args?: readonly string[]) => Promise<DesktopApp>
}

export const test = base.extend<Fixtures>({
  // Playwright reads what a fixture needs from the shape of this argument.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dataFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-desktop-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  run: async ({ dataFolder }, use) => {
    const running: ChildProcess[] = []
    await use((program, args) => {
      const child = spawn(program, args, { env: environment(dataFolder) })
      running.push(child)
      return child
    })
    for (const child of running) child.kill('SIGKILL')
  },
  launch: async ({ dataFolder }, use) => {
    const open = new Set<DesktopApp>()
    const said: string[] = []
    await use(async (settings = {}, args = []) => {
      const app = await launchApp(dataFolder, settings, args, said)
      open.add(app)
      app.electron.once('close', () => open.delete(app))
      return app
    })
    for (const app of open) await app.quit()
    expect(failuresIn(said.join('')), 'warnings and errors that the server logged').toEqual([])
  },
})

async function launchApp(
  dataFolder: string,
  settings: Settings,
  args: readonly string[],
  said: string[],
): Promise<DesktopApp> {
  const electron = await _electron.launch({
    executablePath: command.executable,
    args: [...command.args, ...args],
    env: environment(dataFolder, settings),
    // Playwright does not emulate a theme, so that of the system applies.
    colorScheme: null,
  })
  electron.process().stderr?.on('data', (chunk) => said.push(String(chunk)))
  try {
    if (args.includes('--hidden')) return await hiddenApp(electron, dataFolder)
    const page = await electron.firstWindow({ timeout: 30_000 })
    await page.waitForLoadState('load')
    await slowDown(page)
    return { electron, page, server: readRuntimeFile(dataFolder), quit: () => electron.close() }
  } catch (error) {
    // A dialog waits for an answer that never comes; its text is on stderr too.
    electron.process().kill('SIGKILL')
    throw new Error(`The window did not open. ${said.join('')}`, { cause: error })
  }
}

/** An app without a window has started when it has written the addresses of its server. */
async function hiddenApp(electron: ElectronApplication, dataFolder: string): Promise<DesktopApp> {
  const runtimeFile = join(dataFolder, 'server.json')
  await expect.poll(() => existsSync(runtimeFile), { timeout: 20_000 }).toBe(true)
  // An app without a window has no page: every call of this one fails.
  return {
    electron,
    page: {} as Page,
    server: readRuntimeFile(dataFolder),
    quit: () => electron.close(),
  }
}

/** The first start of a data folder shows its keys before anything else. */
export async function storeFirstKeys(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /I’ve saved (it|them)/ }).check()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
}

/** The window opens after the server has written where it listens. */
export function readRuntimeFile(dataFolder: string): RuntimeFile {
  const file = join(dataFolder, 'server.json')
  expect(existsSync(file), 'server.json is in the data folder').toBe(true)
  return JSON.parse(readFileSync(file, 'utf8')) as RuntimeFile
}

/** Delivers without a key, as an app under development would, or with one; resolves with the 250. */
export async function deliver(
  { smtpPort }: Pick<RuntimeFile, 'smtpPort'>,
  mail: Mail,
  key?: string,
): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    ignoreTLS: true,
    ...(key === undefined ? {} : { auth: { user: 'mailsage', pass: key } }),
  })
  await transport.sendMail({ from: 'shop@example.com', to: 'ada@example.com', ...mail })
  transport.close()
}

/** The DevTools URL of a process started with `--remote-debugging-port=0`. */
export function debuggerOf(app: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    app.stderr?.on('data', (chunk) => {
      said += chunk
      const [, address] = /DevTools listening on (\S+)/.exec(said) ?? []
      if (address) resolve(address)
    })
    app.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${said}`)))
  })
}
