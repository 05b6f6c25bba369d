import { call, expect, type ServerProcess, signIn, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'By the new key', text: 'x' }

test('A key is created in three clicks, is shown once and can send', async ({
  window,
  server,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visit(window, 'Keys')
  await window.getByRole('button', { name: 'Create key' }).click()
  const dialog = window.getByRole('dialog', { name: 'Create API key' })
  await expect(dialog.getByLabel('Name')).toHaveValue('Test key')
  await dialog.getByRole('radio', { name: 'Live' }).click()
  await expect(dialog.getByLabel('Name')).toHaveValue('Live key')
  await dialog.getByRole('radio', { name: 'Test' }).click()
  await dialog.getByRole('button', { name: 'Create test key' }).click()

  const reveal = window.getByRole('dialog', { name: 'Your new API key' })
  const secret = (await reveal.getByLabel('API key', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/_test_/)
  await expect(reveal.getByRole('button', { name: 'Done' })).toBeDisabled()
  for (const leave of [
    () => window.keyboard.press('Escape'),
    () => window.mouse.click(5, 5),
    () => reveal.getByRole('button', { name: 'Close', exact: true }).click(),
  ]) {
    await leave()
    await expect(reveal.getByRole('alert')).toContainText('never shown again')
    await reveal.getByRole('button', { name: 'Keep open' }).click()
    await expect(reveal.getByRole('alert')).toBeHidden()
  }
  await expect(reveal.getByLabel('environment lines', { exact: true })).toContainText(
    `MAILSAGE_API_KEY=${secret}`,
  )
  await reveal.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(reveal.getByText('Copied')).toBeVisible()
  expect(await window.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await reveal.getByRole('button', { name: 'Copy environment lines' }).click()
  expect(await window.evaluate(() => navigator.clipboard.readText())).toContain(
    `SMTP_PASS=${secret}`,
  )
  await expect(reveal.getByRole('button', { name: 'Done' })).toBeDisabled()
  await reveal.getByRole('checkbox', { name: 'I’ve saved it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()

  const row = window.getByRole('row', { name: /^Test key/ })
  await expect(row).toContainText('Test')
  await expect(row).toContainText('Send')
  expect((await call(server, 'POST', '/v1/send', mail, secret)).status).toBe(202)
  await expect(row).toContainText('1 request, 1 sent', { timeout: 15_000 })
  await expect(row).toContainText('127.0.0.1')
})

test('Every limit of a key can be set at creation and changed later', async ({
  window,
  server,
}) => {
  test.slow()
  await call(server, 'POST', '/v1/tenants', { id: 'tenant_shop', name: 'The shop' })
  await visit(window, 'Keys')
  await expect(window.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await window.keyboard.press('c')
  const dialog = window.getByRole('dialog', { name: 'Create API key' })
  await dialog.getByLabel('Name').fill('')
  await dialog.getByRole('button', { name: 'Create test key' }).click()
  await expect(dialog.getByText('Enter a name.')).toBeVisible()
  await dialog.getByLabel('Name').fill('Fenced')
  await dialog.getByRole('radio', { name: 'Custom' }).click()
  await dialog.getByRole('checkbox', { name: /Read captured messages/ }).click()
  await expect(dialog.getByRole('list', { name: 'Permissions' })).toHaveText('SendRead inbox')
  await dialog.getByRole('button', { name: /More options/ }).click()
  await dialog.getByRole('combobox', { name: 'Expires' }).click()
  await window.getByRole('option', { name: '90 days' }).click()
  await dialog.getByLabel('Inbox', { exact: true }).fill('staging')
  await dialog.getByLabel('Requests per minute').fill('many')
  await dialog.getByRole('button', { name: 'Create test key' }).click()
  await expect(dialog.getByText('Enter a whole number')).toBeVisible()
  await dialog.getByLabel('Requests per minute').fill('120')
  await dialog.getByLabel('Emails per day').fill('50')
  await dialog.getByLabel('Allowed senders').fill('example.com\nme@example.org')
  await dialog.getByLabel('Allowed IP addresses').fill('127.0.0.1, 10.0.0.0/8')
  await dialog.getByRole('combobox', { name: 'Tenant' }).click()
  await window.getByRole('option', { name: 'The shop' }).click()
  await takeScreenshots(window, 'keys-create-options')
  await dialog.getByRole('button', { name: 'Create test key' }).click()
  const reveal = window.getByRole('dialog', { name: 'Your new API key' })
  await reveal.getByRole('checkbox', { name: 'I’ve saved it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()
  const created = await keyNamed(server, 'Fenced')
  expect(created).toMatchObject({
    permissions: ['send', 'inbox:read'],
    inbox: 'staging',
    rate_limit: { requests_per_minute: 120, emails_per_day: 50 },
    allowed_senders: ['example.com', 'me@example.org'],
    allowed_ips: ['127.0.0.1', '10.0.0.0/8'],
    tenant_id: 'tenant_shop',
    expires_at: expect.any(String),
  })
  const row = window.getByRole('row', { name: /Fenced/ })
  await expect(row.getByRole('meter', { name: 'Emails today' })).toBeVisible({ timeout: 15_000 })

  await row.getByRole('button', { name: 'Actions for Fenced' }).click()
  await window.getByRole('menuitem', { name: 'Edit…' }).click()
  const edit = window.getByRole('dialog', { name: 'Edit key' })
  await edit.getByLabel('Allowed IP addresses').fill('nowhere')
  await expect(edit.getByText('not an IP address or a CIDR range')).toBeVisible()
  await edit.getByLabel('Allowed IP addresses').fill('')
  await edit.getByLabel('Emails per day').fill('')
  await edit.getByLabel('Inbox', { exact: true }).fill('other')
  await edit.getByRole('switch', { name: /Enabled/ }).click()
  await expectAccessible(window, 'edit key')
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('Disabled')
  expect(await keyNamed(server, 'Fenced')).toMatchObject({
    enabled: false,
    inbox: 'other',
    rate_limit: { requests_per_minute: 120, emails_per_day: null },
    allowed_ips: [],
    allowed_senders: ['example.com', 'me@example.org'],
  })
})

test('The old secret of a rotated key works for the grace time', async ({ window, server }) => {
  const { answer } = await call(server, 'POST', '/v1/api-keys', {
    name: 'To rotate',
    mode: 'test',
    permissions: ['inbox:read'],
  })
  await visit(window, 'Keys')
  await window.getByRole('button', { name: 'Actions for To rotate' }).click()
  await window.getByRole('menuitem', { name: 'Rotate…' }).click()
  await window.getByRole('combobox', { name: 'Old secret valid for' }).click()
  await window.getByRole('option', { name: '1 hour' }).click()
  await window.getByRole('button', { name: 'Rotate key' }).click()
  const reveal = window.getByRole('dialog', { name: 'Your new secret' })
  const secret = (await reveal.getByLabel('API key', { exact: true }).textContent()) ?? ''
  expect(secret).not.toBe(answer.key)
  await reveal.getByRole('checkbox', { name: 'I’ve saved it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()
  const row = window.getByRole('row', { name: /To rotate/ })
  await expect(row).toContainText('Rotating')
  const shown = await row.getByText(/^\d+:\d\d$/).textContent()
  await expect(row.getByText(/^\d+:\d\d$/)).not.toHaveText(shown ?? '')
  for (const key of [answer.key, secret]) {
    expect((await call(server, 'GET', '/v1/inbox', undefined, key)).status).toBe(200)
  }
})

test('A key can be disabled, enabled and revoked, and the dialog shows the affected routes', async ({
  window,
  server,
}) => {
  test.slow()
  const { answer } = await call(server, 'POST', '/v1/api-keys', { name: 'Old shop', mode: 'test' })
  const status = async () => (await call(server, 'POST', '/v1/send', mail, answer.key)).status
  for (let round = 0; round < 3; round++) expect(await status()).toBe(202)
  await visit(window, 'Keys')
  const row = window.getByRole('row', { name: /Old shop/ })
  const act = async (name: string) => {
    await row.getByRole('button', { name: 'Actions for Old shop' }).click()
    await window.getByRole('menuitem', { name }).click()
  }
  await act('Disable')
  await expect(row).toContainText('Disabled')
  expect(await status()).toBe(401)
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(row).not.toContainText('Disabled')
  expect(await status()).toBe(202)

  await act('Revoke…')
  const confirm = window.getByRole('alertdialog', { name: 'Revoke “Old shop”?' })
  await expect(confirm).toContainText('Last used just now from 127.0.0.1')
  await expect(confirm).toContainText(
    'The app that uses “Old shop” sent 4 messages in the last 24 hours. It will get 401 over HTTP.',
  )
  await expect(confirm.getByRole('list', { name: 'Routes used' })).toContainText('POST /v1/send')
  await expectAccessible(window, 'revoke key')
  await takeScreenshots(window, 'keys-revoke')
  const revoke = confirm.getByRole('button', { name: 'Revoke key' })
  await expect(revoke).toBeDisabled()
  await confirm.getByLabel(/Type “Old shop”/).fill('Old shop')
  await revoke.click()
  await expect(row).toBeHidden()
  expect(await status()).toBe(401)

  await call(server, 'POST', '/v1/api-keys', { name: 'Unused', mode: 'test' })
  await window.getByRole('button', { name: 'Actions for Unused' }).click()
  await window.getByRole('menuitem', { name: 'Revoke…' }).click()
  await expect(window.getByRole('alertdialog')).toContainText('Never used.')
  await window.getByRole('button', { name: 'Revoke key' }).click()
  await expect(window.getByRole('row', { name: /Unused/ })).toBeHidden()
})

test('Keys can be filtered, sorted and shown as cards', async ({ page, server }) => {
  test.slow()
  await createSampleKeys(server)
  await signIn(page, server)
  await page.keyboard.press('Control+4')
  await expect(page.getByRole('row', { name: /Shop production/ })).toBeVisible()
  await takeScreenshots(page, 'keys-table')
  await expectAccessible(page, 'keys')

  await page.keyboard.press('/')
  await page.keyboard.type('shop stag')
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.keyboard.press('Escape')
  const toolbar = page.getByRole('toolbar', { name: 'Filter' })
  await toolbar.getByRole('radio', { name: 'Live' }).click()
  await expect(page.getByRole('row', { name: /Shop staging/ })).toBeHidden()
  await toolbar.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Expiring soon' }).click()
  await expect(page.getByRole('row', { name: /Migration/ })).toContainText('in 9 days')
  await expect(page.getByRole('row')).toHaveCount(2)
  await toolbar.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Rotating' }).click()
  await page.getByRole('button', { name: 'Show all keys' }).click()
  await toolbar.getByRole('combobox', { name: 'Sort' }).click()
  await page.getByRole('option', { name: 'Sort by name' }).click()
  await toolbar.getByRole('radio', { name: 'Cards' }).click()
  await expect(
    page.getByRole('list', { name: 'Keys' }).getByRole('listitem').first(),
  ).toContainText('API_KEY (environment)')
  await takeScreenshots(page, 'keys-cards')
  await expectAccessible(page, 'key cards')
  await page.reload()
  await expect(page.getByRole('list', { name: 'Keys' })).toBeVisible()
})

test('The key drawer opens, steps and closes by keyboard', async ({ page, server }) => {
  test.slow()
  const { id } = (await keyNamed(server, 'Shop staging')) ?? { id: await createSampleKeys(server) }
  await signIn(page, server)
  await page.goto(`${server.url}/#/keys/${id}`)
  const drawer = page.getByRole('complementary', { name: 'Key Shop staging' })
  await expect(drawer.getByRole('region', { name: 'Used from' })).toContainText('127.0.0.1')
  await expect(drawer.getByRole('region', { name: 'Recent refusals' })).toContainText(
    'invalid_recipient',
  )
  await expect(drawer.getByRole('region', { name: 'Changes' })).toContainText('Changed: limits')
  await expect(drawer.getByRole('img', { name: 'Requests in the last 24 hours' })).toBeVisible()
  await drawer.getByRole('radio', { name: '7 d' }).click()
  await expect(drawer.getByRole('img', { name: 'Requests in the last 7 days' })).toBeVisible()
  await takeScreenshots(page, 'keys-drawer')
  await expectAccessible(page, 'key drawer')
  await page.keyboard.press('j')
  await expect(drawer).toBeHidden()
  await expect(page).not.toHaveURL(new RegExp(id))
  await page.keyboard.press('k')
  await expect(drawer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(drawer).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByRole('dialog', { name: 'Edit key' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.goto(`${server.url}/#/keys/key_gone`)
  await expect(page.getByText('This key does not exist.')).toBeVisible()
})

async function keyNamed(server: ServerProcess, name: string) {
  const { answer } = await call(server, 'GET', '/v1/api-keys')
  return answer.data.find((key: { name: string }) => key.name === name)
}

/** Creates keys of several kinds and requests for one of them; returns its id. */
async function createSampleKeys(server: ServerProcess): Promise<string> {
  const make = async (body: object) => (await call(server, 'POST', '/v1/api-keys', body)).answer
  await make({
    name: 'Shop production',
    mode: 'live',
    expires_in_days: 365,
    rate_limit: { emails_per_day: 5000 },
  })
  await make({
    name: 'Migration, until December',
    mode: 'live',
    permissions: ['send', 'logs:read'],
    expires_in_days: 9,
  })
  await make({
    name: 'Dashboard of the operations team',
    mode: 'live',
    permissions: ['logs:read', 'usage:read', 'inbox:read', 'relays:read'],
  })
  await make({
    name: 'Old importer',
    mode: 'test',
    permissions: ['send', 'inbox:read', 'inbox:write'],
  })
  const { id, key } = await make({
    name: 'Shop staging',
    mode: 'test',
    rate_limit: { emails_per_day: 20 },
  })
  await call(server, 'PATCH', `/v1/api-keys/${id}`, { rate_limit: { emails_per_day: 40 } })
  for (let round = 0; round < 33; round++) {
    const to = round % 7 === 6 ? 'nobody' : mail.to
    await call(server, 'POST', '/v1/send', { ...mail, to }, key)
  }
  return id
}
