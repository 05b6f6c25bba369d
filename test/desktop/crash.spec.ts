import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, expect, type Page } from '@playwright/test'
import {
  command,
  debuggerOf,
  deliver,
  readRuntimeFile,
  storeFirstKeys,
  test,
} from './desktop-app.ts'

/** The process that draws the page of the app with this data folder. */
function rendererOf(dataFolder: string): number | null {
  const found = readdirSync('/proc').find((name) => {
    const words = /^\d+$/.test(name) ? wordsOf(name) : ''
    return words.includes('--type=renderer') && words.includes(join(dataFolder, 'desktop'))
  })
  return found === undefined ? null : Number(found)
}

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // The process ended during the search.
    return ''
  }
}

/**
 * The window of the app, over its debugger. A connection that is made while the page changes its
 * process never lists the page, so the next try is a new connection.
 */
async function connect(address: string) {
  let connected: { page: Page; leave: () => Promise<void> } | undefined
  await expect(async () => {
    const browser = await chromium.connectOverCDP(address)
    const firstPage = () => browser.contexts()[0]?.pages()[0]
    await expect
      .poll(firstPage, { timeout: 3_000 })
      .toBeDefined()
      .catch(() => {})
    const page = firstPage()
    if (!page) await browser.close()
    expect(page, 'the app has a window').toBeDefined()
    if (page) connected = { page, leave: () => browser.close() }
  }).toPass({ timeout: 30_000 })
  if (!connected) throw new Error('the app has no window')
  return connected
}

test('After a crash of the page, the window reloads at its last route', async ({
  dataFolder,
  run,
}) => {
  test.skip(process.platform !== 'linux', 'processes are found in /proc')
  const app = run(command.executable, [...command.args, '--remote-debugging-port=0'])
  const address = await debuggerOf(app)
  await expect.poll(() => rendererOf(dataFolder), { timeout: 20_000 }).not.toBeNull()
  const before = await connect(address)
  await storeFirstKeys(before.page)
  const server = readRuntimeFile(dataFolder)
  await deliver(server, { subject: 'Open when it crashed' })
  await before.page.getByText('Open when it crashed').first().click()
  await expect(before.page).toHaveURL(/#\/inbox\/msg_/)
  const place = before.page.url()
  await before.leave()

  const first = rendererOf(dataFolder)
  if (first === null) throw new Error('the page has no process')
  process.kill(first, 'SIGKILL')
  const next = () => rendererOf(dataFolder)
  await expect.poll(() => ![null, first].includes(next()), { timeout: 20_000 }).toBe(true)
  expect((await fetch(`${server.url}/health`)).ok).toBe(true)
  const after = await connect(address)
  await expect(after.page.getByText('The window crashed and was restored')).toBeVisible()
  await expect(after.page.getByRole('heading', { name: 'Open when it crashed' })).toBeAttached()
  expect(after.page.url()).toBe(place)
  await after.leave()
})
