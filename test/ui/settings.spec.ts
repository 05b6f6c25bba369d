import { readFile } from 'node:fs/promises'
import { call, deliver, emptyInbox, expect, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test('Plan, anonymous capture and theme can be changed', async ({ window, server }) => {
  await visit(window, 'Settings')
  await window.getByRole('combobox', { name: 'Plan' }).click()
  await window.getByRole('option', { name: 'Free' }).click()
  await expect(window.getByText(/100 requests a minute/)).toBeVisible()
  await window.getByRole('switch', { name: 'Capture without a key' }).click()
  await expect
    .poll(async () => (await call(server, 'GET', '/v1/settings')).answer)
    .toMatchObject({ plan: 'free', anonymous_capture: false })

  await window.getByRole('radio', { name: 'Dark' }).click()
  await window.reload()
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark')

  await call(server, 'PATCH', '/v1/settings', { plan: 'pro', anonymous_capture: true })
  await expect(window.getByText(/1,000 requests a minute/)).toBeVisible()
})

test('STARTTLS can be switched on, and Connect warns that clients must trust the certificate', async ({
  window,
  server,
}) => {
  test.slow()
  await window.goto(`${server.url}/#/settings/connection`)
  await expect(window.getByText('It is not offered now.')).toBeVisible()
  await window.getByRole('combobox', { name: 'STARTTLS' }).click()
  await window.getByRole('option', { name: 'On' }).click()
  await expect(window.getByText('It is offered now, with the certificate')).toBeVisible()
  await takeScreenshots(window, 'settings-starttls')
  await window.goto(`${server.url}/#/connect/nodemailer`)
  const note = window.getByText('must trust smtp.crt')
  await expect(note).toBeVisible()
  await takeScreenshots(window, 'connect-starttls')
  await expectAccessible(window, 'connect, STARTTLS')
  await window.getByRole('link', { name: 'STARTTLS settings' }).click()
  await window.getByRole('combobox', { name: 'STARTTLS' }).click()
  await window.getByRole('option', { name: 'Automatic' }).click()
  await expect(window.getByText('It is not offered now.')).toBeVisible()
  await window.goto(`${server.url}/#/connect/nodemailer`)
  await expect(window.getByRole('figure', { name: '.env' })).toBeVisible()
  await expect(note).toBeHidden()
})

test('A change of retention shows a preview before it deletes', async ({ window, server }) => {
  test.slow()
  await emptyInbox(server)
  for (const subject of ['One', 'Two', 'Three']) await deliver(server, { subject, text: 'x' })
  await window.goto(`${server.url}/#/settings/retention`)
  await window.getByLabel('Messages, by number').fill('x')
  await expect(window.getByText('Enter a whole number')).toBeVisible()
  await window.getByLabel('Messages, by number').fill('1')
  await expect(window.getByText(/This deletes \d+ messages/)).toBeVisible()
  await takeScreenshots(window, 'settings-retention')
  await window.keyboard.press('Enter')
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText('can’t be undone')
  await expectAccessible(window, 'retention')
  await confirm.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(async () => (await call(server, 'GET', '/v1/inbox')).answer.counts.total)
    .toBe(1)
  await call(server, 'PATCH', '/v1/settings', { keep_messages: 0 })
})

test('A backup can be saved and scheduled for restore, and each section has a URL', async ({
  window,
  server,
}) => {
  test.slow()
  await visit(window, 'Settings')
  await expectAccessible(window, 'settings')
  await takeScreenshots(window, 'settings')
  // The environment sets the ports of this server, and the hint names the variable.
  await expect(window.getByText('Set by MAILSAGE_HTTP_PORT')).toBeVisible()
  await expect(window.getByLabel('HTTP port')).toBeDisabled()
  await window.getByLabel('SMTP over TLS port').fill('2465')
  await window.getByRole('button', { name: 'Save ports' }).click()
  await expect
    .poll(async () => (await call(server, 'GET', '/v1/settings')).answer.next_start.smtps_port)
    .toBe(2465)

  await window.getByRole('navigation', { name: 'Sections' }).getByText('Storage').click()
  await expect(window).toHaveURL(/#\/settings\/storage$/)
  const [download] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('button', { name: 'Save backup' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^mailsage-\d{8}-\d{4}\.db$/)
  const file = await download.path()
  expect((await readFile(file)).toString('latin1', 0, 15)).toBe('SQLite format 3')

  await window
    .getByLabel('Backup file')
    .setInputFiles({ name: 'notes.db', mimeType: 'text/plain', buffer: Buffer.from('hello') })
  await window.getByRole('button', { name: 'Restore at next start' }).click()
  await expect(window.getByText(/not a database/)).toBeVisible()
  await window.keyboard.press('Escape')
  await window.getByLabel('Backup file').setInputFiles(file)
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText('is kept in the data folder')
  await expectAccessible(window, 'restore')
  await confirm.getByRole('button', { name: 'Restore at next start' }).click()
  await expect(window.getByText(/^A backup with/)).toBeVisible()
  await takeScreenshots(window, 'settings-storage')
  await window.getByRole('button', { name: 'Cancel restore' }).click()
  await expect(window.getByRole('button', { name: 'Cancel restore' })).toBeHidden()

  await window.goto(`${server.url}/#/settings/about`)
  await window.getByText('Open-source licences').click()
  await expect(window.getByRole('list', { name: 'Licences' })).toContainText('better-sqlite3')
  await expectAccessible(window, 'about')
})
