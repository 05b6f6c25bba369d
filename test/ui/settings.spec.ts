import { call, expect, test, visit } from './person.ts'

test('plan, anonymous capture and theme are settings', async ({ window, relay }) => {
  await visit(window, 'Settings')
  await window.getByRole('combobox', { name: 'Plan' }).click()
  await window.getByRole('option', { name: 'Free' }).click()
  await expect(window.getByText(/100 requests a minute/)).toBeVisible()
  await window.getByRole('switch', { name: 'Capture without a key' }).click()
  await expect
    .poll(async () => (await call(relay, 'GET', '/v1/settings')).answer)
    .toMatchObject({ plan: 'free', anonymous_capture: false })

  await window.getByRole('radio', { name: 'Dark' }).click()
  await window.reload()
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark')

  await call(relay, 'PATCH', '/v1/settings', { plan: 'pro', anonymous_capture: true })
  await expect(window.getByText(/1,000 requests a minute/)).toBeVisible()
})
