import { expect, test, visit } from './fixtures.ts'

test('A wrong key is refused with a reason, and the right key opens the window', async ({
  page,
  server,
}) => {
  await page.goto(server.url)
  await expect(page.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('Paste an admin key first')

  await page.getByLabel('Admin key').fill('ms_live_wrong0000000000000000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('does not know this key')

  await page.getByLabel('Admin key').fill(server.adminKey)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: /Inbox/ })).toHaveAttribute('aria-current', 'page')

  await page.reload()
  await expect(page.getByRole('link', { name: /Inbox/ })).toBeVisible()
  // Only the desktop app has the server menu.
  await expect(page.getByRole('button', { name: /server of/ })).toHaveCount(0)
})

test('A key without admin rights cannot open the window', async ({ page, server }) => {
  const created = await fetch(`${server.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sender', mode: 'test', permissions: ['send'] }),
  })
  const { key } = await created.json()
  await page.goto(server.url)
  await page.getByLabel('Admin key').fill(key)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Use an admin key')
})

test('Signing out removes the key from the browser', async ({ window }) => {
  await visit(window, 'Settings')
  await window.getByRole('button', { name: 'Sign out' }).click()
  await expect(window.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()
  await window.reload()
  await expect(window.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()
})
