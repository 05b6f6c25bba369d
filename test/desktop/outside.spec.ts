import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect } from '@playwright/test'
import { command, type DesktopApp, deliver, storeFirstKeys, test } from './desktop-app.ts'

/** A desktop that shows tray icons, as far as a program can ask. */
function trayHost(dataFolder: string): Readonly<Record<string, string>> {
  const folder = join(dataFolder, 'tray-host')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'dbus-send'), '#!/bin/sh\necho "   variant   boolean true"\n', {
    mode: 0o755,
  })
  return { PATH: `${folder}${delimiter}${process.env.PATH}` }
}

/** Records what the desktop would show; icons, badges and notifications have no other trace. */
async function watchDesktop({ electron }: DesktopApp) {
  await electron.evaluate(({ app, Notification, Tray }) => {
    const record = { badges: [], tips: [], notices: [], menu: null } as unknown as Shown
    Object.assign(globalThis, { shown: record })
    app.setBadgeCount = (count = 0) => record.badges.push(count) > 0
    Tray.prototype.setToolTip = (tip) => void record.tips.push(tip)
    Tray.prototype.setContextMenu = (menu) => {
      record.menu = menu
    }
    Notification.isSupported = () => true
    Notification.prototype.show = function show(this: Electron.Notification) {
      record.notices.push(this)
    }
  })
  type Shown = {
    badges: number[]
    tips: string[]
    notices: Electron.Notification[]
    menu: Electron.Menu | null
  }
  const shown = () =>
    electron.evaluate(() => {
      const { badges, tips, notices, menu } = (globalThis as unknown as { shown: Shown }).shown
      return {
        badge: badges.at(-1),
        tip: tips.at(-1),
        notices: notices.map(({ title, body, actions }) => ({
          title,
          body,
          actions: actions.map(({ text }) => text),
        })),
        menu: menu?.items.map(({ label }) => label).filter(Boolean),
      }
    })
  return {
    shown,
    pressTray: (label: string) =>
      electron.evaluate((_electron, wanted) => {
        const { menu } = (globalThis as unknown as { shown: Shown }).shown
        menu?.items.find((item) => item.label === wanted)?.click()
      }, label),
    onNotice: (event: 'click' | 'action') =>
      electron.evaluate((_electron, name) => {
        const { notices } = (globalThis as unknown as { shown: Shown }).shown
        notices.at(-1)?.emit(name, {}, 0)
      }, event),
  }
}

const setNotify = ({ page }: DesktopApp, notify: 'always' | 'unfocused' | 'off') =>
  page.evaluate((wish) => window.mailsage?.preferences({ notify: wish }), notify)

test('New mail shows a notification with its code, and a burst shows one notification', async ({
  launch,
}) => {
  const app = await launch()
  await storeFirstKeys(app.page)
  const desktop = await watchDesktop(app)
  await setNotify(app, 'always')
  await deliver(app.server, {
    from: 'Fern <login@fern.example>',
    subject: 'Your sign-in code',
    text: 'Your verification code is 482913.',
  })
  await expect
    .poll(async () => (await desktop.shown()).notices)
    .toEqual([{ title: 'Fern', body: 'Your sign-in code\nCode: 482913', actions: ['Copy code'] }])
  await desktop.onNotice('action')
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe('482913')
  await app.page.getByRole('link', { name: 'Keys' }).first().click()
  await desktop.onNotice('click')
  await expect(app.page.getByRole('heading', { name: 'Your sign-in code' })).toBeVisible()

  for (let number = 1; number <= 12; number++)
    await deliver(app.server, { subject: `No. ${number}` })
  await expect.poll(async () => (await desktop.shown()).notices.length).toBeGreaterThan(1)
  const { notices, badge } = await desktop.shown()
  expect(notices.length).toBeLessThan(5)
  expect(notices.at(1)?.title).toMatch(/^\d+ new messages$/)
  expect(badge).toBeGreaterThan(0)

  await setNotify(app, 'off')
  const before = (await desktop.shown()).notices.length
  await deliver(app.server, { subject: 'Silent' })
  await expect(app.page.getByText('Silent').first()).toBeVisible()
  await expect.poll(async () => (await desktop.shown()).badge).toBeGreaterThanOrEqual(13)
  // A notification of the silent message would come before this one, or be counted in it.
  await setNotify(app, 'always')
  await deliver(app.server, { subject: 'Loud' })
  await expect.poll(async () => (await desktop.shown()).notices.at(-1)?.body).toContain('Loud')
  expect((await desktop.shown()).notices).toHaveLength(before + 1)
})

test('The tray counts unread mail, pauses and resumes capture, and keeps the server running without a window', async ({
  dataFolder,
  launch,
}) => {
  const app = await launch(trayHost(dataFolder))
  await storeFirstKeys(app.page)
  const desktop = await watchDesktop(app)
  await deliver(app.server, { subject: 'Counted' })
  await expect.poll(async () => (await desktop.shown()).tip).toBe('MailSage · 1 unread')
  expect((await desktop.shown()).menu).toEqual([
    'Open MailSage (1 unread)',
    'Pause capture',
    'Quit MailSage',
  ])

  await desktop.pressTray('Pause capture')
  await expect(app.page.getByText('Capture is paused.')).toBeVisible()
  await expect(deliver(app.server, { subject: 'Refused' })).rejects.toThrow(/451 4\.3\.2/)
  await expect.poll(async () => (await desktop.shown()).menu).toContain('Resume capture')
  await app.page.getByRole('button', { name: 'Resume capture' }).click()
  await expect(app.page.getByText('Capture is paused.')).toBeHidden()

  const isVisible = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(isVisible).toBe(false)
  await deliver(app.server, { subject: 'While nobody looked' })
  await desktop.pressTray('Open MailSage (2 unread)')
  await expect.poll(isVisible).toBe(true)
  await expect(app.page.getByText('While nobody looked').first()).toBeVisible()
})

test('Without a tray, closing the window quits the app', async ({ dataFolder, launch }) => {
  const app = await launch()
  await storeFirstKeys(app.page)
  const ended = once(app.electron.process(), 'exit')
  await app.electron
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    .catch(() => undefined)
  expect((await ended)[0]).toBe(0)
  expect(existsSync(join(dataFolder, 'server.json'))).toBe(false)
})

test('A hidden start shows no window until the user opens it', async ({ dataFolder, launch }) => {
  const app = await launch({ ...trayHost(dataFolder) }, ['--hidden'])
  expect(app.electron.windows()).toHaveLength(0)
  expect((await fetch(`${app.server.url}/health`)).ok).toBe(true)
  const opened = app.electron.waitForEvent('window')
  await app.electron.evaluate(({ app: electronApp }) => {
    electronApp.emit('second-instance', {}, ['electron'])
  })
  await storeFirstKeys(await opened)
})

test('A file and a link of a second start open in the first window', async ({
  dataFolder,
  launch,
  run,
}) => {
  const { page, server } = await launch()
  await storeFirstKeys(page)
  const file = join(dataFolder, 'kept.eml')
  const raw =
    'From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: From disk\r\n\r\nHi\r\n'
  writeFileSync(file, raw)
  await once(run(command.executable, [...command.args, file]), 'exit')
  await expect(page.getByRole('heading', { name: 'From disk' })).toBeVisible()
  const id = page.url().split('/').at(-1) ?? ''
  const headers = { authorization: `Bearer ${server.consoleKey}` }
  const message = await (await fetch(`${server.url}/v1/inbox/${id}`, { headers })).json()
  expect(message).toMatchObject({ inbox: 'imports', envelope: { mail_from: 'ann@example.com' } })

  await page.getByRole('link', { name: 'Keys' }).first().click()
  const start = (link: string) => once(run(command.executable, [...command.args, link]), 'exit')
  for (const wrong of ['mailsage://message/../keys', 'mailsage://settings/x', 'mailsage:msg_1']) {
    await start(wrong)
  }
  expect(page.url()).toMatch(/#\/keys$/)
  await start(`mailsage://message/${id}`)
  await expect(page).toHaveURL(new RegExp(`#/inbox/${id}$`))
})

test('A file dropped on the window is imported, and a dragged message becomes a file', async ({
  launch,
}) => {
  const { electron, page } = await launch()
  await storeFirstKeys(page)
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    const raw = 'From: a@example.com\r\nSubject: Dropped here\r\n\r\nHi\r\n'
    dataTransfer.items.add(new File([raw], 'dropped.eml', { type: 'message/rfc822' }))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
  })
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('heading', { name: 'Dropped here' })).toBeVisible()

  await electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) throw new Error('no window')
    window.webContents.startDrag = ({ file }) => void Object.assign(globalThis, { dragged: file })
  })
  await page.evaluate(() => {
    const row = document.querySelector('a[href^="#/inbox/msg_"]')
    row?.dispatchEvent(new DragEvent('dragstart', { bubbles: true, cancelable: true }))
  })
  const dragged = () =>
    electron.evaluate(() => (globalThis as unknown as { dragged?: string }).dragged ?? '')
  await expect.poll(dragged).toMatch(/msg_[0-9a-z]+\.eml$/)
  expect(readFileSync(await dragged(), 'utf8')).toContain('Subject: Dropped here')
})

test('An uncaught error is logged, explained and followed by a restart', async ({
  dataFolder,
  launch,
}) => {
  const { electron, page, server } = await launch()
  await storeFirstKeys(page)
  await deliver(server, { subject: 'Accepted before' })
  await electron.evaluate(
    ({ app, dialog }, file) => {
      app.relaunch = () => {
        process.getBuiltinModule('node:fs').writeFileSync(file, 'relaunched')
      }
      dialog.showMessageBox = (async () => ({ response: 0, checkboxChecked: false })) as never
    },
    join(dataFolder, 'relaunched'),
  )
  const ended = once(electron.process(), 'exit')
  await electron
    .evaluate(() => void setTimeout(() => Promise.reject(new Error('a wire came loose'))))
    .catch(() => undefined)
  await ended
  expect(existsSync(join(dataFolder, 'relaunched'))).toBe(true)
  expect(readFileSync(join(dataFolder, 'desktop/crash.log'), 'utf8')).toContain('a wire came loose')

  const again = await launch()
  await expect(again.page.getByText('Accepted before').first()).toBeVisible()
})

test('Preferences are saved, and start at login adds and removes its entry', async ({
  dataFolder,
  launch,
}) => {
  const config = { XDG_CONFIG_HOME: join(dataFolder, 'config') }
  const first = await launch(config)
  await storeFirstKeys(first.page)
  await first.electron.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('preferences')?.click()
  })
  const settings = first.page.getByRole('main')
  await settings.getByRole('switch', { name: 'Start at login' }).click()
  await settings.getByRole('switch', { name: 'Start without a window' }).click()
  const entry = join(config.XDG_CONFIG_HOME, 'autostart/mailsage-desktop.desktop')
  await expect.poll(() => existsSync(entry) && readFileSync(entry, 'utf8')).toContain('"--hidden"')
  await expect(settings.getByRole('switch', { name: 'Keep running in the tray' })).toBeDisabled()
  await first.quit()

  const second = await launch(config)
  expect(await second.page.evaluate(() => window.mailsage?.preferences({}))).toMatchObject({
    openAtLogin: true,
    startHidden: true,
    hasTray: false,
  })
  await second.page.evaluate(() => window.mailsage?.preferences({ openAtLogin: false }))
  expect(existsSync(entry)).toBe(false)
})
