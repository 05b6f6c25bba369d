import { expect, test } from './fixtures.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the docs try a request with a pasted key, and ask nobody else, in ${colorScheme}`, async ({
    page,
    relay,
  }) => {
    const elsewhere: string[] = []
    const problems: string[] = []
    page.on('request', (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(relay.url)) {
        elsewhere.push(request.url())
      }
    })
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))

    await page.emulateMedia({ colorScheme })
    await page.goto(`${relay.url}/docs?api=native`)
    // Swagger UI draws all operations in one task, and the page answers nobody until it is done.
    await page.getByRole('textbox', { name: 'Key' }).fill(relay.adminKey, { timeout: 30_000 })
    const operation = page.locator('#operations-native-get_v1_session')
    await operation.getByRole('button').first().click({ timeout: 30_000 })
    await operation.getByRole('button', { name: 'Execute' }).click({ timeout: 30_000 })
    const answer = operation.locator('.live-responses-table')
    await expect(answer).toContainText('200', { timeout: 30_000 })
    await expect(answer).toContainText('"permissions"')

    expect(elsewhere).toEqual([])
    expect(problems).toEqual([])
    await page.screenshot({ path: `screenshots/docs-${colorScheme}.png` })

    await page.getByRole('link', { name: 'MailSage', exact: true }).click()
    await expect(page.getByText('/api/v1/emails/send', { exact: true })).toBeVisible()
  })
}
