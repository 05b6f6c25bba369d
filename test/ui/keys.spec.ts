import { call, expect, test, visit } from './person.ts'

test('a key is created, shown once, and works', async ({ window, relay, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visit(window, 'Keys')
  await window.getByRole('button', { name: 'Create key' }).click()
  const dialog = window.getByRole('dialog', { name: 'Create API key' })
  await dialog.getByRole('button', { name: 'Create test key' }).click()
  await expect(dialog.getByText('Give the key a name.')).toBeVisible()
  await dialog.getByLabel('Name').fill('Shop staging')
  await dialog.getByRole('radio', { name: 'Live' }).click()
  await expect(dialog.getByRole('button', { name: 'Create live key' })).toBeVisible()
  await dialog.getByRole('radio', { name: 'Test' }).click()
  await dialog.getByRole('checkbox', { name: /Read captured messages/ }).click()
  await dialog.getByRole('combobox', { name: 'Expires' }).click()
  await window.getByRole('option', { name: '90 days' }).click()
  await dialog.getByRole('button', { name: 'Create test key' }).click()

  const reveal = window.getByRole('dialog', { name: 'Your new API key' })
  const secret = (await reveal.getByLabel('API key', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/_test_/)
  await expect(reveal.getByRole('button', { name: 'Done' })).toBeDisabled()
  await window.keyboard.press('Escape')
  await expect(reveal).toBeVisible()
  await expect(reveal.getByLabel('environment lines', { exact: true })).toContainText(
    `MAILSAGE_API_KEY=${secret}`,
  )
  await reveal.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(reveal.getByText('Copied')).toBeVisible()
  expect(await window.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await reveal.getByRole('button', { name: 'Done' }).click()

  const row = window.getByRole('row', { name: /Shop staging/ })
  await expect(row).toContainText('Test')
  await expect(row).toContainText('Never')
  const sent = await call(
    relay,
    'POST',
    '/v1/send',
    { from: 'a@example.com', to: 'b@example.com', subject: 'By the new key', text: 'x' },
    secret,
  )
  expect(sent.status).toBe(202)
})

test('a rotated key keeps its old secret for the grace time', async ({ window, relay }) => {
  const { answer } = await call(relay, 'POST', '/v1/api-keys', {
    name: 'To rotate',
    mode: 'test',
    permissions: ['inbox:read'],
  })
  await visit(window, 'Keys')
  await window.getByRole('button', { name: 'Actions for To rotate' }).click()
  await window.getByRole('menuitem', { name: 'Rotate…' }).click()
  await window.getByRole('combobox', { name: 'The old secret works for' }).click()
  await window.getByRole('option', { name: '1 hour' }).click()
  await window.getByRole('button', { name: 'Rotate key' }).click()
  const reveal = window.getByRole('dialog', { name: 'Your new secret' })
  const secret = (await reveal.getByLabel('API key', { exact: true }).textContent()) ?? ''
  expect(secret).not.toBe(answer.key)
  await reveal.getByRole('checkbox', { name: 'I stored it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()
  await expect(window.getByRole('row', { name: /To rotate/ })).toContainText('Rotating')
  for (const key of [answer.key, secret]) {
    expect((await call(relay, 'GET', '/v1/inbox', undefined, key)).status).toBe(200)
  }
})

test('a key is renamed, disabled, enabled and revoked', async ({ window, relay }) => {
  const { answer } = await call(relay, 'POST', '/v1/api-keys', {
    name: 'Old name',
    mode: 'live',
    permissions: ['inbox:read'],
  })
  const status = async () => (await call(relay, 'GET', '/v1/inbox', undefined, answer.key)).status
  expect(await status()).toBe(200)
  await visit(window, 'Keys')
  await window.getByRole('button', { name: 'Actions for Old name' }).click()
  await window.getByRole('menuitem', { name: 'Edit…' }).click()
  await window.getByLabel('Name', { exact: true }).fill('New name')
  await window.getByRole('button', { name: 'Save' }).click()
  const row = window.getByRole('row', { name: /New name/ })
  await expect(row).toContainText('Live')

  await row.getByRole('button', { name: 'Actions for New name' }).click()
  await window.getByRole('menuitem', { name: 'Disable' }).click()
  await expect(row).toContainText('Disabled')
  expect(await status()).toBe(401)
  await row.getByRole('button', { name: 'Actions for New name' }).click()
  await window.getByRole('menuitem', { name: 'Enable' }).click()
  await expect(row).not.toContainText('Disabled')
  expect(await status()).toBe(200)

  await row.getByRole('button', { name: 'Actions for New name' }).click()
  await window.getByRole('menuitem', { name: 'Revoke…' }).click()
  const confirm = window.getByRole('alertdialog', { name: 'Revoke “New name”?' })
  await expect(confirm).toContainText('Last used')
  await confirm.getByRole('button', { name: 'Revoke key' }).click()
  await expect(row).toBeHidden()
  expect(await status()).toBe(401)
})
