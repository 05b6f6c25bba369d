import { expect, test, visit } from './fixtures.ts'

test('a wrong key is refused with a sentence, the right one opens the window', async ({
  page,
  relay,
}) => {
  await page.goto(relay.url)
  await expect(page.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('Paste an admin key first')

  await page.getByLabel('Admin key').fill('ms_live_wrong0000000000000000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('does not know this key')

  await page.getByLabel('Admin key').fill(relay.adminKey)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: /Inbox/ })).toHaveAttribute('aria-current', 'page')

  await page.reload()
  await expect(page.getByRole('link', { name: /Inbox/ })).toBeVisible()
  // Other relays are for the desktop to show.
  await expect(page.getByRole('button', { name: /server of/ })).toHaveCount(0)
})

test('a key that may only send cannot open the window', async ({ page, relay }) => {
  const created = await fetch(`${relay.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${relay.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sender', mode: 'test', permissions: ['send'] }),
  })
  const { key } = await created.json()
  await page.goto(relay.url)
  await page.getByLabel('Admin key').fill(key)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Use an admin key')
})

test('signing out forgets the key', async ({ window }) => {
  await visit(window, 'Settings')
  await window.getByRole('button', { name: 'Sign out' }).click()
  await expect(window.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()
  await window.reload()
  await expect(window.getByRole('heading', { name: 'Sign in to MailSage' })).toBeVisible()
})
