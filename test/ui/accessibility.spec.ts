import { emptyInbox, expect, signIn, test } from './fixtures.ts'
import { expectAccessible } from './screenshot.ts'

// Every screen has its own look at this, in its own walk.
test('what one meets first is accessible', async ({ page, relay }) => {
  await page.goto(relay.url)
  await expect(page.getByLabel('Admin key')).toBeVisible()
  await expectAccessible(page, 'sign-in')
  await emptyInbox(relay)
  await signIn(page, relay)
  await expect(page.getByText('Waiting for the first message')).toBeVisible()
  await expectAccessible(page, 'empty inbox')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expectAccessible(page, 'shortcuts')
})
