import type { ElectronApplication, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { startSink } from '../smtp-sink.ts'
import { typicalMails } from '../ui/sample-mails.ts'
import { expectAccessible, takeScreenshots } from '../ui/screenshot.ts'
import { deliver, storeFirstKeys, test } from './desktop-app.ts'

/** Opens a screen by the palette, without the mouse. */
async function goTo(page: Page, screen: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await palette.getByRole('combobox').fill(screen)
  await expect(palette.getByRole('option', { selected: true })).toHaveText(new RegExp(`^${screen}`))
  await page.keyboard.press('Enter')
  const link = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', {
    name: new RegExp(`^${screen}`),
  })
  await expect(link).toHaveAttribute('aria-current', 'page')
}

const press = (page: Page, role: 'button' | 'checkbox' | 'link' | 'tab', name: string | RegExp) =>
  page
    .getByRole(role, { name, exact: typeof name === 'string' })
    .first()
    .press('Enter')

/** Checks the first view of a screen with axe and saves a screenshot. */
async function lookAt(page: Page, where: string): Promise<void> {
  await expectAccessible(page, `desktop, ${where}`)
  await takeScreenshots(page, `desktop-${where}`)
}

async function resize(electron: ElectronApplication, width: number, height: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size),
    [width, height] as [number, number],
  )
}

test('Every screen works by keyboard, with real mail', async ({ launch }) => {
  test.slow()
  const sink = await startSink({ tls: 'starttls' })
  const { electron, page, server } = await launch()
  await resize(electron, 1440, 900)
  await expect(page.getByRole('dialog')).toBeVisible()
  await lookAt(page, 'first-start')
  await storeFirstKeys(page)
  for (const mail of typicalMails) await deliver(server, mail)
  await deliver(server, {
    subject: 'The whole archive, ten megabytes of it',
    text: 'Attached.',
    attachments: [{ filename: 'archive.bin', content: Buffer.alloc(10 * 1024 * 1024, 7) }],
  })

  await expect(page.getByRole('link', { name: /ten megabytes/ })).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /ten megabytes/ })).toBeVisible()
  await press(page, 'tab', /^Attachments/)
  await expect(page.getByText('archive.bin', { exact: true })).toBeVisible()
  await lookAt(page, 'inbox')

  await goTo(page, 'Relays')
  await press(page, 'button', 'Add your first relay')
  const relayDialog = page.getByRole('dialog', { name: 'Add relay' })
  await relayDialog.getByRole('radio', { name: 'Own server' }).press('Space')
  await relayDialog.getByLabel('Host').fill('127.0.0.1')
  await relayDialog.getByLabel('Port').fill(String(sink.port))
  await relayDialog.getByRole('checkbox', { name: 'Verify the certificate' }).press('Space')
  await relayDialog.getByRole('button', { name: 'Continue' }).press('Enter')
  await relayDialog.getByRole('radio', { name: 'No sign-in' }).press('Space')
  await relayDialog.getByRole('button', { name: 'Continue' }).press('Enter')
  await relayDialog.getByLabel('Name').fill('Local sink')
  await relayDialog.getByRole('button', { name: 'Add relay' }).press('Enter')
  await expect(page.getByRole('row', { name: /Local sink/ })).toBeVisible()
  await lookAt(page, 'relays')

  await goTo(page, 'Keys')
  await press(page, 'button', 'Create key')
  await page.getByRole('dialog').getByRole('radio', { name: 'Live' }).press('Space')
  await press(page, 'button', 'Create live key')
  const secret = await page.getByLabel('API key', { exact: true }).textContent()
  await page.getByRole('checkbox', { name: 'I’ve saved it' }).press('Space')
  await press(page, 'button', 'Done')
  await expect(page.getByRole('row', { name: /^Live key/ })).toBeVisible()
  await lookAt(page, 'keys')

  await deliver(server, { subject: 'For a real person', text: 'Hello' }, secret ?? '')
  await goTo(page, 'Outbox')
  await expect(page.getByRole('link', { name: /Delivered.*For a real person/ })).toBeVisible()
  expect(sink.messages).toHaveLength(1)
  await lookAt(page, 'outbox')

  await goTo(page, 'Connect')
  await press(page, 'link', 'Nodemailer')
  await expect(page.getByText('createTransport').first()).toBeVisible()
  await lookAt(page, 'connect')

  await goTo(page, 'Templates')
  await press(page, 'button', 'Create template')
  await page.getByRole('dialog').getByLabel('Name').fill('password-reset')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Rendered subject')).toHaveText('482 913 is your Northwind code')
  await lookAt(page, 'templates')

  await goTo(page, 'Webhooks')
  await press(page, 'button', 'Add webhook')
  const hookDialog = page.getByRole('dialog', { name: 'Add webhook' })
  await hookDialog.getByLabel('URL').fill('http://127.0.0.1:9/hook')
  await hookDialog.getByRole('checkbox', { name: /Relay accepted the message/ }).press('Space')
  await hookDialog.getByRole('button', { name: 'Add webhook' }).press('Enter')
  await page.getByRole('checkbox', { name: 'I’ve saved it' }).press('Space')
  await press(page, 'button', 'Done')
  await expect(page.getByRole('row', { name: /127\.0\.0\.1:9/ })).toBeVisible()
  await lookAt(page, 'webhooks')

  await goTo(page, 'Usage')
  await expect(page.getByRole('row', { name: /Live key/ })).toBeVisible()
  await lookAt(page, 'usage')

  await goTo(page, 'Logs')
  await expect(page.getByText('Captured over SMTP in “default”').first()).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Log entry' })).toBeVisible()
  await lookAt(page, 'logs')

  await goTo(page, 'Tenants')
  await press(page, 'button', 'Create your first tenant')
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Acme')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible()
  await lookAt(page, 'tenants')

  await goTo(page, 'Settings')
  await expect(page.getByRole('heading', { name: 'Start-up' })).toBeVisible()
  await lookAt(page, 'settings')
  await sink.close()
})
