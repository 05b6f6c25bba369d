import { expectNoViolations } from './looks.ts'
import { call, deliver, emptyInbox, expect, signIn, test, visit } from './person.ts'

for (const theme of ['light', 'dark'] as const) {
  test(`every screen is accessible in the ${theme} theme`, async ({ page, relay }) => {
    test.slow()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.goto(relay.url)
    await expect(page.getByLabel('Admin key')).toBeVisible()
    await expectNoViolations(page, 'sign-in')

    await emptyInbox(relay)
    await signIn(page, relay)
    await expect(page.getByText('Waiting for the first message')).toBeVisible()
    await expectNoViolations(page, 'empty inbox')

    await deliver(relay, {
      subject: 'Read me',
      bcc: 'hidden@example.com',
      html: '<p>Hello</p><img src="http://127.0.0.1:9/x.png" alt="">',
      attachments: [{ filename: 'a.txt', content: 'x' }],
    })
    await deliver(relay, { subject: 'Unread', text: 'Hello' })
    await page.getByRole('link', { name: /Read me/ }).click()
    await expect(page.getByText('Remote content blocked')).toBeVisible()
    await expectNoViolations(page, 'inbox')
    for (const tab of ['Text', 'Source', 'Headers', 'Attachments']) {
      await page.getByRole('tab', { name: new RegExp(tab) }).click()
      await expect(page.getByRole('status', { name: 'Loading' })).toBeHidden()
      await expectNoViolations(page, tab)
    }

    await call(relay, 'POST', '/v1/api-keys', {
      name: 'Live one',
      mode: 'live',
      expires_in_days: 7,
    })
    await visit(page, 'Keys')
    await expect(page.getByRole('row', { name: /Live one/ }).first()).toBeVisible()
    await expectNoViolations(page, 'keys')
    await page.getByRole('button', { name: 'Create key' }).click()
    await expectNoViolations(page, 'create key')
    await page.getByLabel('Name').fill('Accessible')
    await page.getByRole('button', { name: 'Create test key' }).click()
    await expect(page.getByRole('dialog', { name: 'Your new API key' })).toBeVisible()
    await expectNoViolations(page, 'reveal')
    await page.getByRole('checkbox', { name: 'I stored it' }).click()
    await page.getByRole('button', { name: 'Done' }).click()

    await visit(page, 'Usage')
    await expect(page.getByRole('heading', { name: 'By route' })).toBeVisible()
    await expectNoViolations(page, 'usage')

    await visit(page, 'Settings')
    await expect(page.getByRole('heading', { name: 'Connection' })).toBeVisible()
    await expectNoViolations(page, 'settings')

    await visit(page, 'Relays')
    await expect(page.getByText('No relay yet')).toBeVisible()
    await expectNoViolations(page, 'relays')
    await page.getByRole('button', { name: 'Add relay' }).click()
    await expectNoViolations(page, 'add relay')
  })
}
