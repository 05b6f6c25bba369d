import { AxeBuilder } from '@axe-core/playwright'
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

test('The guides are readable and accessible at every width, and link to each other', async ({
  page,
  server,
}) => {
  test.slow()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1440, 760, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${server.url}/docs/settings`)
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth)
      expect(overflow, `${width} pixels`).toBeLessThanOrEqual(0)
      await page.screenshot({ path: `screenshots/guide-${colorScheme}-${width}.png` })
    }
  }
  await page.getByRole('link', { name: 'Live mail', exact: true }).click()
  await page.getByRole('link', { name: 'Storage', exact: true }).last().click()
  await expect(page.getByRole('heading', { name: 'Backups' })).toBeInViewport()
})
