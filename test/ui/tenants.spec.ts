import { call, expect, type ServerProcess, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

async function removeTenants(server: ServerProcess): Promise<void> {
  const { answer } = await call(server, 'GET', '/v1/tenants?limit=100')
  for (const { id } of answer.data) await call(server, 'DELETE', `/v1/tenants/${id}?force=true`)
}

test('A tenant can be created with a sending key, edited and deleted', async ({
  window,
  server,
}) => {
  test.slow()
  await removeTenants(server)
  await visit(window, 'Tenants')
  await expect(window.getByText('No tenants yet')).toBeVisible()
  await expectAccessible(window, 'no tenants')
  await takeScreenshots(window, 'tenants-empty')
  await window.getByRole('button', { name: 'Create your first tenant' }).click()
  const dialog = window.getByRole('dialog', { name: 'Create tenant' })
  await dialog.getByRole('button', { name: 'Create tenant' }).click()
  await expect(dialog.getByText('Enter a name.')).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('Acme')
  await dialog.getByLabel('Domain').fill('acme.example')
  await dialog.getByLabel('Emails per day').fill('500')
  await dialog.getByRole('checkbox', { name: /Own relay/ }).click()
  await dialog.getByLabel('Host').fill('smtp.acme.example')
  await expectAccessible(window, 'create tenant')
  await takeScreenshots(window, 'tenants-create')
  await dialog.getByRole('button', { name: 'Create tenant' }).click()

  await expect(window).toHaveURL(/#\/tenants\/tenant_/)
  await expect(window.getByRole('heading', { name: 'Acme' })).toBeVisible()
  await expect(window.getByText('Own relay, smtp.acme.example:587')).toBeVisible()
  await window.getByRole('button', { name: 'Create key' }).click()
  await window.getByLabel('Name').fill('Acme shop')
  await window.getByRole('button', { name: 'Create test key' }).click()
  const reveal = window.getByRole('dialog', { name: 'Your new API key' })
  const secret = (await reveal.getByLabel('API key', { exact: true }).textContent()) ?? ''
  await expectAccessible(window, 'tenant key')
  await reveal.getByRole('button', { name: 'I’ve saved it' }).click()
  const mail = { from: 'a@acme.example', to: 'b@example.com', subject: 'From Acme', text: 'x' }
  expect((await call(server, 'POST', '/v1/send', mail, secret)).status).toBe(202)
  const emails = window.getByRole('list', { name: 'Latest emails of this tenant' })
  await expect(emails).toContainText('From Acme')
  await expect(window.getByRole('list', { name: 'Keys of this tenant' })).toContainText('Acme shop')
  await expectAccessible(window, 'tenant')
  await takeScreenshots(window, 'tenants-page')

  await window.getByRole('button', { name: 'Edit' }).click()
  await window.getByLabel('Reply-To').fill('help@acme.example')
  await window.getByRole('button', { name: 'Save' }).click()
  await expect(window.getByText('help@acme.example')).toBeVisible()
  await window.getByRole('button', { name: 'Actions for Acme' }).click()
  await window.getByRole('menuitem', { name: 'Delete…' }).click()
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText('Its key is revoked at once')
  await takeScreenshots(window, 'tenants-delete')
  await confirm.getByRole('button', { name: 'Delete tenant' }).click()
  await expect(window.getByText('No tenants yet')).toBeVisible()
  expect((await call(server, 'POST', '/v1/send', mail, secret)).status).toBe(401)
})

test('A long list of tenants can be used by keyboard alone', async ({ window, server }) => {
  test.slow()
  await removeTenants(server)
  for (let number = 1; number <= 30; number++) {
    await call(server, 'POST', '/v1/tenants', {
      name: `Customer ${number}`,
      domain: `customer${number}.example`,
      ...(number % 3 === 0
        ? { rate_limit: { requests_per_minute: 600, emails_per_day: 5000 } }
        : {}),
    })
  }
  await visit(window, 'Tenants')
  const list = window.getByRole('list', { name: 'Tenants' })
  await expect(list.getByRole('link', { name: /Customer 30 / })).toBeVisible()
  await expectAccessible(window, 'tenants')
  await takeScreenshots(window, 'tenants')
  await window.keyboard.press('j')
  await window.keyboard.press('j')
  await expect(list.getByRole('link', { name: /Customer 29 / })).toBeFocused()
  await window.keyboard.press('Enter')
  await expect(window.getByRole('heading', { name: 'Customer 29' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(list).toBeVisible()
  await window.keyboard.press('c')
  await expect(window.getByRole('dialog', { name: 'Create tenant' })).toBeVisible()
  await removeTenants(server)
})
