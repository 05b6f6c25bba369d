import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createSilentServer } from 'node:net'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { generate } from 'selfsigned'
import { expectAccessible, takeScreenshots } from '../ui/screenshot.ts'
import { type ServerProcess, startServerProcess } from '../ui/server-process.ts'
import { test as base, command, type DesktopApp, deliver, storeFirstKeys } from './desktop-app.ts'

/** A server of the team: a separate process with another data folder. */
const test = base.extend<{ readonly team: ServerProcess }>({
  // Playwright reads what a fixture needs from the shape of this argument.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  team: async ({}, use) => {
    const team = await startServerProcess()
    await use(team)
    await team.stop()
  },
})

// Each starts two servers, and some start the app more than once.
test.slow()

const switcher = (page: Page) => page.getByRole('button', { name: /server of/ })

/** Before a new page has painted for the first time, the browser may drop the keys that are pressed. */
async function shows(page: Page, name: string): Promise<void> {
  await expect(switcher(page)).toContainText(name)
  await page.waitForFunction(() => performance.getEntriesByName('first-paint').length > 0)
}

const serversFile = (dataFolder: string) => join(dataFolder, 'desktop/remote-servers.json')
const hostOf = (url: string) => new URL(url).host

async function openDialog(page: Page) {
  await switcher(page).click()
  await page.getByRole('menuitem', { name: 'Connect to another server…' }).click()
  return page.getByRole('dialog', { name: 'Connect to another server' })
}

async function fill(page: Page, address: string, key: string): Promise<void> {
  await page.getByLabel('Address').fill(address)
  await page.getByLabel('Admin key').fill(key)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
}

async function connect(page: Page, { url, adminKey }: ServerProcess, name = 'Team'): Promise<void> {
  await openDialog(page)
  await page.getByLabel('Name').fill(name)
  await fill(page, url, adminKey)
  await shows(page, name)
}

async function choose(page: Page, name: string): Promise<void> {
  await switcher(page).click()
  await page.getByRole('menuitemradio', { name }).click()
}

/** Stands in for the person at the question box. */
const press = ({ electron }: DesktopApp, button: string) =>
  electron.evaluate(({ dialog }, pressed) => {
    dialog.showMessageBox = (async (_window: unknown, question: Electron.MessageBoxOptions) => ({
      response: question.buttons?.indexOf(pressed) ?? -1,
      checkboxChecked: false,
    })) as typeof dialog.showMessageBox
  }, button)

const pressMenu = ({ electron }: DesktopApp, label: string) =>
  electron.evaluate(({ Menu }, wanted) => {
    const menus = Menu.getApplicationMenu()?.items ?? []
    const items = menus.find(({ label }) => label === 'Server')?.submenu?.items ?? []
    const all = items.flatMap((item) => [item, ...(item.submenu?.items ?? [])])
    const entry = all.find((item) => item.label === wanted)
    if (!entry) throw new Error(`the menu has only ${all.map((item) => item.label).join(', ')}`)
    entry.click()
  }, label)

const titleOf = ({ electron }: DesktopApp) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())

test('The window shows a remote server live, and shows it again after a restart', async ({
  dataFolder,
  launch,
  team,
}) => {
  const app = await launch()
  const { page, server } = app
  await storeFirstKeys(page)
  await shows(page, 'This computer')
  await deliver(server, { subject: 'Mail of this computer' })
  await expect(page.getByText('Mail of this computer').first()).toBeVisible()
  await connect(page, team)
  await expect(page).toHaveURL(new RegExp(`^${team.url}/`))
  await expect(page.getByText('Waiting for the first message')).toBeVisible()
  expect(await titleOf(app)).toContain(`Team (${hostOf(team.url)})`)
  await deliver(team, { subject: 'Mail of the team' })
  await expect(page.getByText('Mail of the team').first()).toBeVisible()
  await expect(page.getByText('Mail of this computer')).toBeHidden()

  await choose(page, 'This computer')
  await expect(page).toHaveURL(new RegExp(`^${server.url}/`))
  await expect(page.getByText('Mail of this computer').first()).toBeVisible()
  await expect(page.getByText('Mail of the team')).toBeHidden()
  await expect.poll(() => titleOf(app)).toContain(server.url)
  await choose(page, 'Team')
  await expect(page.getByText('Mail of the team').first()).toBeVisible()
  // Only a choice leads back.
  await page.evaluate(() => history.back())
  await deliver(team, { subject: 'Still with the team' })
  await expect(page.getByText('Still with the team').first()).toBeVisible()

  const file = serversFile(dataFolder)
  const kept = readFileSync(file, 'utf8')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(kept).toContain(team.url)
  expect(kept).not.toContain(team.adminKey)
  expect(kept).not.toContain(Buffer.from(team.adminKey).toString('base64').slice(0, 20))

  await app.quit()
  const again = await launch()
  await expect(again.page.getByText('Mail of the team').first()).toBeVisible()
  await shows(again.page, 'Team')
  await choose(again.page, 'This computer')
  await expect(again.page.getByText('Mail of this computer').first()).toBeVisible()
})

test('An invalid address or key is explained, and nothing is saved', async ({
  dataFolder,
  launch,
  team,
}) => {
  const { page, server } = await launch()
  await storeFirstKeys(page)
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }])
  const stranger = createServer({ key: certificate.private, cert: certificate.cert }, (_, reply) =>
    reply.end('{}'),
  )
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const strangerPort = (stranger.address() as AddressInfo).port
  const headers = {
    authorization: `Bearer ${team.adminKey}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ name: 'Reader', mode: 'test', permissions: ['inbox:read'] })
  const made = await fetch(`${team.url}/v1/api-keys`, { method: 'POST', headers, body })
  const reader = (await made.json()) as { key: string }

  const dialog = await openDialog(page)
  await expectAccessible(page, 'connect to another relay')
  const problems: readonly (readonly [address: string, key: string, says: string])[] = [
    ['', team.adminKey, 'Write the address as the server prints it'],
    ['ftp://mail.example.com', team.adminKey, 'Write the address as the server prints it'],
    ['http://mail.example.com', team.adminKey, 'Use https'],
    [server.url, team.adminKey, 'This is the server of this computer'],
    ['http://127.0.0.1:9', team.adminKey, 'cannot be reached'],
    ['https://mailsage.invalid', team.adminKey, 'There is no host called mailsage.invalid'],
    [`https://127.0.0.1:${strangerPort}`, team.adminKey, 'The certificate of 127.0.0.1'],
    [team.url.replace('http:', 'https:'), team.adminKey, 'does not speak https'],
    [team.url, '', 'Paste an admin key of that server.'],
    [team.url, 'ms_live_wrong', 'does not know this key'],
    [team.url, reader.key, 'Use an admin key'],
  ]
  for (const [address, key, says] of problems) {
    await fill(page, address, key)
    await expect(dialog.getByText(says), address).toBeVisible()
  }
  await expectAccessible(page, 'a key that is refused')
  await takeScreenshots(page, 'remote-servers-refused')
  await fill(page, 'http://10.1.2.3:8025', team.adminKey)
  await expect(dialog.getByRole('alert')).toContainText('Without https')
  await expect(dialog.getByRole('button', { name: 'Connect without encryption' })).toBeVisible()
  await expectAccessible(page, 'the warning')
  await takeScreenshots(page, 'remote-servers-unencrypted')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect(() => statSync(serversFile(dataFolder))).toThrow('ENOENT')
  stranger.close()
})

test('The page of a remote server gets its own key and no access to this computer', async ({
  launch,
  team,
}) => {
  const { page, server } = await launch()
  await storeFirstKeys(page)
  await connect(page, team)
  const session = await page.evaluate(() => window.mailsage?.session())
  expect(session).toMatchObject({ consoleKey: team.adminKey, firstKeys: null })
  expect(JSON.stringify(session)).not.toContain(server.consoleKey)
  const answers = await page.evaluate(async () => {
    const refusal = (promise: Promise<unknown> | undefined) =>
      promise?.then(
        () => 'answered',
        (error: Error) => error.message,
      )
    const another = { name: 'x', address: 'http://127.0.0.1:1', key: 'k', unencrypted: true }
    return [
      await refusal(window.mailsage?.preferences({ notify: 'off' })),
      await refusal(window.mailsage?.dragMessage('msg_0')),
      await refusal(window.mailsage?.connectServer(another)),
      await refusal(window.mailsage?.removeServer('other_0')),
    ]
  })
  expect(answers).toHaveLength(4)
  for (const answer of answers) expect(answer).toContain('Only the page of the local server')

  // The window of a remote server offers no local actions.
  await switcher(page).click()
  await expect(page.getByRole('menuitemradio')).toHaveCount(2)
  await expect(page.getByRole('menuitem')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Start-up and notifications' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Inbox' }).first().click()
  for (const url of [`${server.url}/`, `${team.url}/health`]) {
    await page.evaluate((address) => {
      location.href = address
    }, url)
  }
  await deliver(team, { subject: 'It stayed' })
  // Playwright waits for the requested page, so its locators find nothing here.
  await expect.poll(() => page.evaluate(() => document.body.textContent)).toContain('It stayed')
  expect(page.url()).toContain(team.url)
})

test('An unreachable server is reported, and the user can try again or go back', async ({
  launch,
}) => {
  let team = await startServerProcess()
  const port = new URL(team.url).port
  const app = await launch()
  const { page, server } = app
  await storeFirstKeys(page)
  await connect(page, team)
  await team.stop()
  await expect(page.getByText('Can’t reach Team.')).toBeVisible()
  await expectAccessible(page, 'a server that went away')
  await takeScreenshots(page, 'remote-servers-gone')
  await page.reload().catch(() => undefined)
  const lost = page.getByRole('heading', { name: 'Can’t connect to Team' })
  await expect(lost).toBeVisible()
  await expect(page.getByRole('status').first()).toContainText('Check the port')
  await expectAccessible(page, 'a server that cannot be opened')
  await takeScreenshots(page, 'remote-servers-lost')

  await app.quit()
  const again = await launch()
  await expect(again.page.getByRole('heading', { name: 'Can’t connect to Team' })).toBeVisible()
  team = await startServerProcess({ MAILSAGE_HTTP_PORT: port })
  await deliver(team, { subject: 'Back again' })
  await again.page.getByRole('button', { name: 'Try again' }).click()
  await expect(again.page.getByText('Back again').first()).toBeVisible()
  await team.stop()
  await again.page.getByRole('button', { name: 'Try again' }).click()
  await again.page.getByRole('button', { name: 'Back to this computer' }).click()
  await shows(again.page, 'This computer')
  await expect(again.page.getByText('Waiting for the first message')).toBeVisible()
  expect(server.url).not.toBe(team.url)

  await again.quit()
  const home = await launch()
  await expect(home.page.getByText('Waiting for the first message')).toBeVisible()
})

test('A slow server shows its progress, and the user can go back', async ({ launch }) => {
  const team = await startServerProcess()
  const { page } = await launch()
  await storeFirstKeys(page)
  await connect(page, team)
  await choose(page, 'This computer')
  await shows(page, 'This computer')
  await team.stop()
  const silent = createSilentServer().listen(Number(new URL(team.url).port), '127.0.0.1')
  await once(silent, 'listening')
  await choose(page, 'Team')
  await expect(page.getByRole('heading', { name: 'Connecting to Team…' })).toBeVisible()
  await expectAccessible(page, 'a server that is slow to answer')
  await takeScreenshots(page, 'remote-servers-connecting')
  await page.getByRole('button', { name: 'Back to this computer' }).click()
  await shows(page, 'This computer')
  silent.close()
})

test('A revoked key of a remote server can be replaced', async ({ launch, team }) => {
  const { page } = await launch()
  await storeFirstKeys(page)
  const headers = { authorization: `Bearer ${team.adminKey}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'Desktop', mode: 'live', permissions: ['*'] })
  const made = await fetch(`${team.url}/v1/api-keys`, { method: 'POST', headers, body })
  const { id, key } = (await made.json()) as { id: string; key: string }
  await connect(page, { ...team, adminKey: key })
  await fetch(`${team.url}/v1/api-keys/${id}`, { method: 'DELETE', headers })
  // Its events end with the key.
  await expect(page.getByRole('button', { name: 'Back to this computer' })).toBeVisible()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('does not know this key')).toBeVisible()
  await takeScreenshots(page, 'remote-servers-key')
  await page.getByRole('button', { name: 'Use another key…' }).click()
  await expect(page.getByLabel('Address')).toHaveValue(team.url)
  await page.getByLabel('Admin key').fill(team.adminKey)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await shows(page, 'Team')
  await expect(page).toHaveURL(new RegExp(`^${team.url}/`))
})

test('A removed server is deleted from the disk', async ({ dataFolder, launch, team }) => {
  const app = await launch()
  const { page } = app
  await storeFirstKeys(page)
  await connect(page, team)
  await choose(page, 'This computer')
  await switcher(page).click()
  await expectAccessible(page, 'the server switcher')
  await takeScreenshots(page, 'remote-servers-switcher')
  await press(app, 'Cancel')
  await page.getByRole('menuitem', { name: 'Remove server' }).press('ArrowRight')
  await expect(page.getByRole('menuitem', { name: 'Team…' })).toBeVisible()
  await expectAccessible(page, 'what can be forgotten')
  await page.getByRole('menuitem', { name: 'Team…' }).press('Enter')
  await switcher(page).click()
  await expect(page.getByRole('menuitemradio', { name: 'Team' })).toBeVisible()
  await press(app, 'Remove')
  await page.getByRole('menuitem', { name: 'Remove server' }).press('ArrowRight')
  await page.getByRole('menuitem', { name: 'Team…' }).press('Enter')
  await expect.poll(() => readFileSync(serversFile(dataFolder), 'utf8')).not.toContain(team.url)
  await switcher(page).click()
  await expect(page.getByRole('menuitemradio')).toHaveCount(1)
})

test('The menu and the palette switch servers, and actions of this computer return to it', async ({
  dataFolder,
  launch,
  run,
  team,
}) => {
  const app = await launch()
  const { page, server } = app
  await storeFirstKeys(page)
  await deliver(server, { subject: 'Pointed to' })
  await page.getByText('Pointed to').first().click()
  await expect(page).toHaveURL(/#\/inbox\/msg_/)
  const id = page.url().split('/').at(-1) ?? ''
  await pressMenu(app, 'Connect to another server…')
  await expect(page.getByLabel('Address')).toBeFocused()
  await fill(page, team.url, team.adminKey)
  // A server without a name is named after its host.
  const name = hostOf(team.url)
  await shows(page, name)

  await page.keyboard.press('ControlOrMeta+k')
  await page.getByPlaceholder(/Search messages/).fill('switch to this')
  await page.keyboard.press('Enter')
  await shows(page, 'This computer')
  await pressMenu(app, name)
  await shows(page, name)

  const start = (word: string) => once(run(command.executable, [...command.args, word]), 'exit')
  await start(`mailsage://message/${id}`)
  await expect(page.getByRole('heading', { name: 'Pointed to' })).toBeVisible()
  expect(page.url()).toContain(server.url)
  await pressMenu(app, name)
  await shows(page, name)
  const file = join(dataFolder, 'kept.eml')
  writeFileSync(file, 'From: ann@example.com\r\nSubject: From disk\r\n\r\nHi\r\n')
  await start(file)
  await expect(page.getByRole('heading', { name: 'From disk' })).toBeVisible()
  expect(page.url()).toContain(server.url)

  await pressMenu(app, name)
  await shows(page, name)
  await app.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('preferences')?.click()
  })
  await expect(page.getByRole('switch', { name: 'Start at login' })).toBeVisible()
  await pressMenu(app, name)
  await shows(page, name)
  await pressMenu(app, 'Connect to another server…')
  await expect(page.getByRole('dialog', { name: 'Connect to another server' })).toBeVisible()
})
