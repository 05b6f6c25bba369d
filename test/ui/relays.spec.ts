import { startFaultySink } from '../faulty-sink.ts'
import { startSink } from '../smtp-sink.ts'
import { call, expect, removeRelays, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test('A relay can be added in three steps, tested, edited and deleted', async ({
  window,
  server,
}) => {
  test.slow()
  await removeRelays(server)
  const sink = await startSink({ tls: 'starttls', auth: true })
  sink.rules.password = 'right'

  await visit(window, 'Relays')
  await expect(window.getByText('No relays yet')).toBeVisible()
  await takeScreenshots(window, 'relays-empty')
  await window.getByRole('button', { name: 'Add your first relay' }).click()
  const dialog = window.getByRole('dialog', { name: 'Add relay' })
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByText('Enter a host name or IP address.')).toBeVisible()
  await dialog.getByRole('radio', { name: 'Amazon SES' }).click()
  await expect(dialog.getByLabel('Host')).toHaveValue(/^email-smtp\./)
  await expectAccessible(window, 'add relay, server')
  await takeScreenshots(window, 'relays-add-server')
  await dialog.getByRole('radio', { name: 'Own server' }).click()
  await dialog.getByLabel('Host').fill('127.0.0.1')
  await dialog.getByLabel('Port').fill(String(sink.port))
  await dialog.getByRole('checkbox', { name: 'Verify the certificate' }).click()
  await dialog.getByRole('button', { name: 'Continue' }).click()

  await dialog.getByLabel('User name').fill('shop')
  await dialog.getByLabel('Password').fill('wrong')
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  const result = dialog.getByRole('status', { name: 'Test result' })
  await expect(result).toContainText('User name or password refused')
  await expect(result.getByRole('listitem').filter({ hasText: 'Sign in' })).toContainText('failed')
  await expectAccessible(window, 'add relay, sign-in')
  await takeScreenshots(window, 'relays-add-refused')
  await dialog.getByLabel('Password').fill('right')
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(result).toContainText('Connection works')
  await result.getByText('SMTP transcript').click()
  await expect(result).toContainText('C: AUTH PLAIN ••••••')
  await expect(result).toContainText('Not trusted')
  await takeScreenshots(window, 'relays-add-works')
  await dialog.getByRole('button', { name: 'Continue' }).click()

  await dialog.getByLabel('Name').fill('Postal')
  await dialog.getByLabel('Recipients per day').fill('500')
  await dialog.getByRole('checkbox', { name: /Sign messages/ }).click()
  await dialog.getByRole('textbox', { name: 'Domain' }).fill('example.com')
  await dialog.getByRole('button', { name: 'Generate key pair' }).click()
  await expect(dialog.getByText('mailsage._domainkey.example.com')).toBeVisible()
  await expectAccessible(window, 'add relay, options')
  await takeScreenshots(window, 'relays-add-options')
  await dialog.getByRole('button', { name: 'Add relay' }).click()
  const row = window.getByRole('row', { name: /Postal/ })
  await expect(row).toContainText(`127.0.0.1:${sink.port}`)
  await expect(row).toContainText('0 of 500')

  await row.getByRole('button', { name: 'Actions for Postal' }).click()
  await window.getByRole('menuitem', { name: 'Test…' }).click()
  const testDialog = window.getByRole('dialog', { name: 'Test “Postal”' })
  await testDialog.getByLabel('Send a test message to').fill('me@example.com')
  await testDialog.getByRole('button', { name: 'Send test message' }).click()
  await expect(testDialog.getByText('Connection works')).toBeVisible()
  expect(sink.messages.map(({ rcptTo }) => rcptTo)).toEqual([['me@example.com']])
  expect(sink.messages[0]?.raw.toString()).toContain('DKIM-Signature')
  await expectAccessible(window, 'test relay')
  await takeScreenshots(window, 'relays-test')
  await testDialog.getByRole('button', { name: 'Close' }).first().click()
  await expect(row).toContainText('Healthy')

  await row.getByRole('button', { name: 'Postal', exact: true }).click()
  const edit = window.getByRole('dialog', { name: 'Edit “Postal”' })
  await expect(window).toHaveURL(/#\/relays\/relay_\d+$/)
  await edit.getByRole('button', { name: 'Options' }).click()
  await edit.getByLabel('Name').fill('Postal, main')
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(window.getByRole('row', { name: /Postal, main/ })).toBeVisible()
  const { answer } = await call(server, 'GET', '/v1/relays')
  expect(answer.data[0]).toMatchObject({ has_password: true, dkim: { domain: 'example.com' } })

  await window.getByRole('button', { name: 'Actions for Postal, main' }).click()
  await window.getByRole('menuitem', { name: 'Delete…' }).click()
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText('live keys are refused')
  await confirm.getByRole('button', { name: 'Delete relay' }).click()
  await expect(window.getByText('No relays yet')).toBeVisible()
  await sink.close()
})

test('Relays can be reordered by keyboard, by menu and by dragging', async ({ window, server }) => {
  await removeRelays(server)
  const make = (body: object) => call(server, 'POST', '/v1/relays', body)
  await make({ name: 'Postal', host: 'smtp.postal.example', daily_limit: 2000, priority: 1 })
  await make({ name: 'Spare', host: '127.0.0.1', port: 9, tls: 'none', priority: 2 })
  const { answer: last } = await make({ name: 'Last', host: 'smtp.last.example', priority: 3 })
  const spare = (await call(server, 'GET', '/v1/relays')).answer.data[1]
  await call(server, 'POST', `/v1/relays/${spare.id}/test`, {})
  await visit(window, 'Relays')
  const names = () =>
    window.getByRole('table', { name: 'Relays' }).locator('[data-relay]').allTextContents()
  const order = window.getByRole('region', { name: 'Delivery order of live mail' })
  await expect(order).toContainText(
    'First Postal. If it cannot be reached or is at its limit, Spare',
  )
  await expect(window.getByRole('row', { name: /Spare/ })).toContainText('Connection refused')
  await expectAccessible(window, 'relays')
  await takeScreenshots(window, 'relays')

  await window
    .getByRole('region', { name: 'Relays', exact: true })
    .focus()
    .catch(() => undefined)
  await window.keyboard.press('j')
  await expect(window.getByRole('button', { name: 'Postal', exact: true })).toBeFocused()
  await window.keyboard.press('Alt+ArrowDown')
  await expect.poll(names).toEqual(['Spare', 'Postal', 'Last'])
  await expect(order).toContainText('First Spare.')
  await window.keyboard.press('j')
  await window.keyboard.press('Alt+ArrowUp')
  await expect.poll(names).toEqual(['Spare', 'Last', 'Postal'])
  await window.keyboard.press('Enter')
  await expect(window.getByRole('dialog', { name: 'Edit “Last”' })).toBeVisible()
  await window.keyboard.press('Escape')

  await window
    .getByRole('row', { name: /Postal/ })
    .dragTo(window.getByRole('row', { name: /Spare/ }))
  await expect.poll(names).toEqual(['Postal', 'Spare', 'Last'])
  await window.getByRole('button', { name: 'Actions for Last' }).click()
  await window.getByRole('menuitem', { name: 'Make default' }).click()
  await expect.poll(names).toEqual(['Last', 'Postal', 'Spare'])
  await expect(window.getByRole('row', { name: /smtp\.last/ })).toContainText('Default')
  expect((await call(server, 'GET', '/v1/relays')).answer.data[0].id).toBe(last.id)
  await removeRelays(server)
})

test('An unavailable relay is shown with its queue on the relays and outbox screens', async ({
  window,
  server,
}) => {
  await removeRelays(server)
  const sink = await startFaultySink()
  sink.state.fault = { type: 'greets', line: '421 4.3.2 Closed for maintenance' }
  const { answer } = await call(server, 'POST', '/v1/api-keys', {
    name: 'Shop',
    mode: 'live',
    permissions: ['send'],
  })
  const { port } = sink
  const body = { name: 'Postal', host: '127.0.0.1', port, tls: 'none' }
  await call(server, 'POST', '/v1/relays', body)
  for (let number = 0; number < 12; number += 1) {
    const mail = { from: 'shop@example.com', to: 'ada@example.com', subject: `n${number}` }
    await call(server, 'POST', '/v1/send', { ...mail, text: 'Hello' }, answer.key)
  }
  await visit(window, 'Relays')
  const unavailable = window.getByRole('region', { name: 'Unavailable relays' })
  await expect(unavailable).toContainText(
    /Postal has refused all mail since .*12 recipients waiting/,
  )
  await expect(unavailable).toContainText('421 4.3.2 Closed for maintenance')
  await expectAccessible(window, 'unavailable relays')
  await takeScreenshots(window, 'relays-unavailable')
  await visit(window, 'Outbox')
  await expect(window.getByText(/Postal has refused all mail since/)).toBeVisible()
  await window.getByRole('list', { name: 'Messages' }).getByRole('link').first().click()
  await expect(window.getByText(/as soon as a relay replies/i)).toBeVisible()
  await expectAccessible(window, 'outbox with an unavailable relay')
  await takeScreenshots(window, 'outbox-relay-unavailable')

  sink.state.fault = null
  await call(
    server,
    'PATCH',
    `/v1/relays/${(await call(server, 'GET', '/v1/relays')).answer.data[0].id}`,
    body,
  )
  await expect(window.getByText(/Postal has refused all mail since/)).toBeHidden()
  await expect.poll(() => sink.subjects.length).toBe(12)
  await removeRelays(server)
  await sink.close()
})
