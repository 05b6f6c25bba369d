import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { type DesktopApp, deliver, storeFirstKeys, test } from './desktop-app.ts'

/** A foreign site that counts its visits. */
async function startSite() {
  const visits: string[] = []
  const server = createServer((request, response) => {
    visits.push(request.url ?? '')
    response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, visits, close: () => server.close() }
}

/** Replaces the user at the dialog and the browser. */
async function answerLinks({ electron }: DesktopApp, button: 'Open' | 'Cancel') {
  await electron.evaluate(({ dialog, shell }, pressed) => {
    const record = globalThis as typeof globalThis & { asked: string[]; opened: string[] }
    record.asked = []
    record.opened = []
    dialog.showMessageBox = (async (_window: unknown, question: Electron.MessageBoxOptions) => {
      record.asked.push(question.detail ?? '')
      return { response: question.buttons?.indexOf(pressed) ?? -1, checkboxChecked: false }
    }) as typeof dialog.showMessageBox
    shell.openExternal = async (url) => void record.opened.push(url)
  }, button)
  const read = (list: 'asked' | 'opened') =>
    electron.evaluate(
      (_electron, name) => (globalThis as unknown as Record<string, string[]>)[name] ?? [],
      list,
    )
  return { asked: () => read('asked'), opened: () => read('opened') }
}

test('The page has no Node, is isolated and sandboxed', async ({ launch }) => {
  const { electron, page } = await launch()
  const globals = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
  )
  expect(globals).toEqual([])
  const preferences = await electron.evaluate(({ BrowserWindow }) => {
    // Electron keeps this question out of its types, and answers it in every version.
    type Asked = { getLastWebPreferences(): Electron.WebPreferences }
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as Asked
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
  })
  expect(Object.keys(await page.evaluate(() => ({ ...window.mailsage })))).toEqual([
    'session',
    'saveFile',
    'openExternal',
    'switchServer',
    'connectServer',
    'removeServer',
    'dragMessage',
    'preferences',
    'onCommand',
    'onOpen',
    'onServers',
  ])
})

test('The window stays on its page', async ({ launch }) => {
  const { electron, page, server } = await launch()
  const site = await startSite()
  await electron.evaluate(({ BrowserWindow }) => {
    const denied: string[] = []
    Object.assign(globalThis, { denied })
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      if (event.defaultPrevented) denied.push(event.url)
    })
  })
  const denied = () =>
    electron.evaluate(() => (globalThis as typeof globalThis & { denied: string[] }).denied)
  const before = page.url()
  // Another path of the server shows mail or answers, and would have this window's powers.
  const addresses = [site.url, `${server.url}/health`, 'data:text/plain,x']
  for (const [index, address] of addresses.entries()) {
    await page.evaluate((url) => {
      location.href = url
    }, address)
    if (address.startsWith('http')) await expect.poll(denied).toHaveLength(index + 1)
  }
  await page.evaluate((url) => {
    const link = document.createElement('a')
    link.href = url
    document.body.append(link)
    link.click()
  }, `${site.url}clicked`)
  await expect.poll(denied).toContain(`${site.url}clicked`)
  expect(page.url()).toBe(before)
  expect(site.visits).toEqual([])
  expect(electron.windows()).toHaveLength(1)
  site.close()
})

test('No address opens a new window', async ({ launch }) => {
  const app = await launch()
  const links = await answerLinks(app, 'Cancel')
  const opened = await app.page.evaluate(() =>
    ['about:blank', 'file:///etc/passwd', 'javascript:1', 'data:text/html,x', location.href].map(
      (url) => window.open(url) === null,
    ),
  )
  expect(opened).toEqual([true, true, true, true, true])
  expect(app.electron.windows()).toHaveLength(1)
  expect(await links.opened()).toEqual([])
})

test('Only web and mail links reach the browser, and only after a confirmation', async ({
  launch,
}) => {
  const app = await launch()
  const openAll = () =>
    app.page.evaluate(async () => {
      for (const url of [
        'https://example.com/a',
        'mailto:ada@example.com',
        'file:///etc/passwd',
        'smb://x/y',
        'no address',
      ]) {
        await window.mailsage?.openExternal(url)
      }
    })
  const refused = await answerLinks(app, 'Cancel')
  await openAll()
  expect(await refused.asked()).toEqual(['https://example.com/a', 'mailto:ada@example.com'])
  expect(await refused.opened()).toEqual([])
  const agreed = await answerLinks(app, 'Open')
  await openAll()
  expect(await agreed.opened()).toEqual(['https://example.com/a', 'mailto:ada@example.com'])
})

test('A link in a message opens in the browser after a confirmation', async ({ launch }) => {
  const app = await launch()
  const site = await startSite()
  const links = await answerLinks(app, 'Open')
  await deliver(app.server, {
    subject: 'Your parcel',
    html: `<p><a href="${site.url}track?id=1">Track it</a></p>`,
  })
  await storeFirstKeys(app.page)
  await app.page.getByText('Your parcel').first().click()
  await app.page.frameLocator('article iframe').getByText('Track it').click()
  await expect.poll(links.opened).toEqual([`${site.url}track?id=1`])
  expect(site.visits).toEqual([])
  expect(app.electron.windows()).toHaveLength(1)
  site.close()
})

test('The bridge answers no other page, even in the same window', async ({ launch }) => {
  const { electron, page } = await launch()
  const site = await startSite()
  await electron.evaluate(async ({ BrowserWindow }, url) => {
    await BrowserWindow.getAllWindows()[0]?.loadURL(url)
  }, site.url)
  await expect(page).toHaveURL(site.url)
  const answers = await page.evaluate(async () => {
    const refusal = (promise: Promise<unknown> | undefined) =>
      promise?.then(
        () => 'answered',
        (error: Error) => error.message,
      )
    return [
      await refusal(window.mailsage?.session()),
      await refusal(window.mailsage?.saveFile('x', new Uint8Array(1))),
      await refusal(window.mailsage?.openExternal('https://example.com')),
      await refusal(window.mailsage?.dragMessage('msg_0')),
      await refusal(window.mailsage?.preferences({ notify: 'off' })),
      await refusal(window.mailsage?.switchServer(null)),
      await refusal(window.mailsage?.removeServer('other_0')),
    ]
  })
  expect(answers).toHaveLength(7)
  for (const answer of answers) expect(answer).toContain('Only the window of MailSage may ask this')
  site.close()
})

test('A page gets no permission except writing to the clipboard', async ({ launch }) => {
  const { page } = await launch()
  const states = await page.evaluate(async () => {
    const state = (name: string) =>
      navigator.permissions.query({ name: name as PermissionName }).then((status) => status.state)
    return [
      await state('geolocation'),
      await state('camera'),
      await state('microphone'),
      await state('notifications'),
    ]
  })
  expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
})
