import type { Bridge } from '../../src-main/electron/bridge.ts'
import { deliver, expect, test } from './fixtures.ts'

test('The desktop app opens without sign-in and shows the first keys once', async ({
  page,
  server,
}) => {
  const saved: string[] = []
  await page.exposeFunction('noteSaved', (name: string) => saved.push(name))
  await page.addInitScript((consoleKey) => {
    const bridge: Bridge = {
      session: async () => ({
        consoleKey,
        firstKeys: {
          admin: 'ms_live_firstadmin00000000000000',
          test: 'ms_test_first0000000000000000',
        },
        version: '0.0.0',
        platform: 'linux',
        recovered: false,
        servers: { connection: { at: 'local' }, others: [] },
        command: null,
      }),
      saveFile: async (name: string) => {
        await Reflect.get(window, 'noteSaved')(name)
        return true
      },
      openExternal: async () => undefined,
      switchServer: async () => undefined,
      connectServer: async () => ({ type: 'unencrypted', host: '' }),
      removeServer: async () => undefined,
      dragMessage: async () => undefined,
      preferences: async () => ({
        closeToTray: true,
        notify: 'unfocused',
        openAtLogin: false,
        startHidden: false,
        hasTray: false,
      }),
      onOpen: () => () => undefined,
      onServers: () => () => undefined,
      onCommand: (listener) => {
        Reflect.set(window, 'sendCommand', listener)
        return () => undefined
      },
    }
    Reflect.set(window, 'mailsage', bridge)
  }, server.adminKey)
  await page.goto(server.url)

  const dialog = page.getByRole('dialog', { name: 'Welcome to MailSage' })
  await expect(dialog.getByText('ms_test_first0000000000000000')).toBeVisible()
  await expect(dialog.getByText('ms_live_firstadmin00000000000000')).toBeVisible()
  await page.keyboard.press('Escape')
  await dialog.getByRole('checkbox', { name: 'I’ve saved them' }).click()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).toBeHidden()

  const command = (name: string) =>
    page.evaluate((wanted) => Reflect.get(window, 'sendCommand')(wanted), name)
  await command('go-keys')
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await deliver(server, { subject: 'Save me', text: 'x' })
  await command('search')
  await expect(page.getByLabel('Search messages')).toBeFocused()
  await page.keyboard.press('Escape')
  await page
    .getByRole('link', { name: /Save me/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Download .eml' }).click()
  await expect.poll(() => saved).toEqual([expect.stringMatching(/^msg_.*\.eml$/)])
})
