import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, chromium, expect, type Page } from '@playwright/test'
import { makeDeb } from '../../scripts/dist-deb.ts'
import { makeUnpacked, programName } from '../../scripts/dist-linux.ts'
import { rootArgs } from '../../scripts/electron.ts'
import { debuggerOf, deliver, readRuntimeFile, storeFirstKeys } from './desktop-app.ts'

const root = join(import.meta.dirname, '../..')
const program = `/usr/bin/${programName}`
const owned = [program, '/opt/MailSage', '/usr/share/applications/mailsage-desktop.desktop']

const isInstalled = () =>
  /^Status: .* installed$/m.test(spawnSync('dpkg', ['-s', 'mailsage'], { encoding: 'utf8' }).stdout)

const reason =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root of a Debian may install'
    : isInstalled()
      ? 'MailSage is installed here already, and a test must not touch that'
      : null

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from it
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-deb-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
})

/**
 * The installed program has no door for a debugger in its Node, as it should; its window is reached
 * by Chromium's own protocol.
 */
async function startInstalled(data: string): Promise<{ page: Page; quit: () => Promise<void> }> {
  const app = spawn(program, [...rootArgs(), '--remote-debugging-port=0'], {
    env: {
      ...process.env,
      MAILSAGE_DATA: data,
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
    },
  })
  const browser = await chromium.connectOverCDP(await debuggerOf(app))
  const [context] = browser.contexts()
  if (!context) throw new Error('the app has no window')
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  await page.waitForLoadState('load')
  return {
    page,
    async quit() {
      const ended = once(app, 'exit')
      app.kill('SIGTERM')
      const [code] = await ended
      expect(code).toBe(0)
    },
  }
}

test('The deb installs, works, keeps its mail over a restart and uninstalls completely', async ({
  folder,
}) => {
  test.skip(reason !== null, reason ?? '')
  test.setTimeout(120_000)
  const [unpacked, deb, data] = ['unpacked', 'mailsage.deb', 'data'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  await makeUnpacked(root, unpacked, () => undefined)
  makeDeb({ root, unpacked, file: deb, compression: 'quick' })
  const contents = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' })
  expect(contents).toMatch(/^-rwsr-xr-x root\/root .*chrome-sandbox$/m)
  expect(contents).not.toMatch(/\.map$|\/src-main\/|\.ts$/m)
  expect(contents).toContain('hicolor/256x256/apps/mailsage.png')

  try {
    execFileSync('dpkg', ['-i', deb])
    for (const path of owned) expect(existsSync(path), path).toBe(true)
    const first = await startInstalled(data)
    await storeFirstKeys(first.page)
    await first.page.getByRole('link', { name: 'Keys' }).first().click()
    await first.page.getByRole('button', { name: 'Create key' }).click()
    await first.page.getByLabel('Name').fill('Installed')
    await first.page.getByRole('button', { name: 'Create test key' }).click()
    const key = await first.page.getByLabel('API key', { exact: true }).textContent()
    await storeFirstKeys(first.page)
    await deliver(readRuntimeFile(data), { subject: 'To the installed app' }, key ?? '')
    await first.page.getByRole('link', { name: 'Inbox' }).first().click()
    await expect(first.page.getByText('To the installed app').first()).toBeVisible()
    await first.quit()

    const second = await startInstalled(data)
    await expect(second.page.getByText('To the installed app').first()).toBeVisible()
    await second.quit()
  } finally {
    spawnSync('dpkg', ['--purge', 'mailsage'])
  }
  expect(isInstalled()).toBe(false)
  for (const path of owned) expect(existsSync(path), path).toBe(false)
})
