import { expect, test } from './fixtures.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The API docs send a request with a pasted key and contact no other host, in ${colorScheme} mode`, async ({
    page,
    server,
  }) => {
    test.slow()
    const otherHosts: string[] = []
    const problems: string[] = []
    page.on('request', (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(server.url)) {
        otherHosts.push(request.url())
      }
    })
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))

    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/docs?api=native`)
    // Swagger UI renders all operations in one long task.
    await page.getByRole('textbox', { name: 'Key' }).fill(server.adminKey, { timeout: 30_000 })
    const operation = page.locator('#operations-native-get_v1_session')
    await operation.getByRole('button').first().click({ timeout: 30_000 })
    await operation.getByRole('button', { name: 'Execute' }).click({ timeout: 30_000 })
    const answer = operation.locator('.live-responses-table')
    await expect(answer).toContainText('200', { timeout: 30_000 })
    await expect(answer).toContainText('"permissions"')

    expect(otherHosts).toEqual([])
    expect(problems).toEqual([])
    await page.screenshot({ path: `screenshots/docs-${colorScheme}.png` })

    await page.getByRole('link', { name: 'MailSage', exact: true }).click()
    await expect(page.getByText('/api/v1/emails/send', { exact: true })).toBeVisible()
  })
}
