import { call, deliver, emptyInbox, expect, test } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test('The command palette finds screens, commands, messages and keys', async ({
  window,
  server,
}) => {
  await emptyInbox(server)
  await deliver(server, { subject: 'Invoice 4711 is due', text: 'Please pay.' })
  await call(server, 'POST', '/v1/api-keys', { name: 'Invoicing worker', mode: 'test' })
  await expect(window.getByRole('link', { name: /Invoice 4711/ })).toBeVisible()

  await window.keyboard.press('Control+k')
  const palette = window.getByRole('dialog', { name: 'Command palette' })
  await expect(palette.getByRole('option', { name: /^Outbox/ })).toBeVisible()
  await expectAccessible(window, 'palette')
  await takeScreenshots(window, 'palette')

  await window.keyboard.type('invoic')
  await expect(palette.getByRole('option', { name: /Invoice 4711/ })).toBeVisible()
  await expect(palette.getByRole('option', { name: /Invoicing worker/ })).toBeVisible()
  await expect(palette.getByText('No results.')).toBeHidden()
  await takeScreenshots(window, 'palette-found')
  await expect(palette.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await palette.getByRole('option', { name: /Invoice 4711/ }).click()
  await expect(palette).toBeHidden()
  await expect(window.getByRole('heading', { name: 'Invoice 4711 is due' })).toBeVisible()

  await window.keyboard.press('Control+k')
  await window.keyboard.type('usag')
  const usage = palette.getByRole('option', { name: /^Usage/ })
  await expect(usage).toHaveAttribute('aria-selected', 'true')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('heading', { name: 'Usage', exact: true })).toBeVisible()

  await window.keyboard.press('Control+k')
  await window.keyboard.type('dark')
  await window.keyboard.press('Enter')
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark')

  await window.keyboard.press('Control+k')
  await window.keyboard.type('zzzz')
  await expect(palette.getByText('No results.')).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(palette).toBeHidden()
})
