import { emptyInbox, expect, signIn, test } from './fixtures.ts'
import { expectAccessible } from './screenshot.ts'

// The spec of each screen checks the other states.
test('The sign-in page, the empty inbox and the shortcuts sheet are accessible', async ({
  page,
  server,
}) => {
  await page.goto(server.url)
  await expect(page.getByLabel('Admin key')).toBeVisible()
  await expectAccessible(page, 'sign-in')
  await emptyInbox(server)
  await signIn(page, server)
  await expect(page.getByText('Waiting for the first message')).toBeVisible()
  await expectAccessible(page, 'empty inbox')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expectAccessible(page, 'shortcuts')
})
