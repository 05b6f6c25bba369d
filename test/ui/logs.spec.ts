import { createTransport } from 'nodemailer'
import { call, expect, type ServerProcess, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const message = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

async function makeKey(
  server: ServerProcess,
  name: string,
  permissions: readonly string[] = ['send'],
) {
  const { answer } = await call(server, 'POST', '/v1/api-keys', { name, mode: 'test', permissions })
  return answer as { readonly id: string; readonly key: string }
}

async function sendOverSmtp(server: ServerProcess, pass: string): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: server.smtpPort,
    secure: false,
    ignoreTLS: true,
    auth: { user: 'shop', pass },
  })
  await transport.sendMail(message)
  transport.close()
}

// Screenshots and accessibility checks in both themes take long on a busy machine.
test.setTimeout(150_000)

test('The log updates live, can be filtered and explains refusals', async ({ window, server }) => {
  const { key } = await makeKey(server, 'Shop')
  await call(server, 'POST', '/v1/send', message, key)
  await visit(window, 'Logs')
  const log = window.getByRole('list', { name: 'Log' })
  await expect(log.getByRole('link', { name: /POST \/v1\/send.*202/ })).toBeVisible()
  await expect(log.getByRole('link', { name: /Captured over HTTP/ })).toBeVisible()
  await expect(log.getByRole('link', { name: /Key created/ }).first()).toBeVisible()

  await call(server, 'POST', '/v1/send', { ...message, to: 'nobody' }, key)
  const refused = log.getByRole('link', { name: /POST \/v1\/send.*400/ })
  await expect(refused).toBeVisible()
  await sendOverSmtp(server, key)
  await expect(log.getByRole('link', { name: /SMTP session, 1 message/ })).toBeVisible()
  await expect(log.getByRole('link', { name: /GET \/v1\/logs/ })).toHaveCount(0)
  for (let count = 0; count < 9; count++) {
    if (count % 3 === 0) await call(server, 'GET', '/v1/inbox', undefined, key)
    else await call(server, 'POST', '/v1/send', message, key)
  }
  await takeScreenshots(window, 'logs')
  await expectAccessible(window, 'logs')

  await refused.click()
  const drawer = window.getByRole('complementary', { name: 'Log entry' })
  await expect(drawer).toContainText('Recipient address not valid')
  await expect(drawer).toContainText('Check “to”, “cc” and “bcc”.')
  await expect(drawer).toContainText('does not store headers, bodies or secrets')
  await takeScreenshots(window, 'logs-refused')
  await expectAccessible(window, 'a refused request')
  const requestId = (await drawer.getByText(/^req_/).first().textContent()) ?? ''
  await drawer.getByRole('button', { name: 'Filter by this request' }).click()
  await expect(log.getByRole('link')).toHaveCount(1)
  await window.getByRole('button', { name: `Remove request ${requestId}` }).click()
  await expect(log.getByRole('link', { name: /SMTP session/ })).toBeVisible()

  await log.getByRole('link', { name: /Captured over SMTP/ }).click()
  await expect(drawer.getByText(/^C:\s*EHLO/)).toBeVisible()
  await expect(drawer.getByText(/^S:\s*250/).first()).toBeVisible()
  await takeScreenshots(window, 'logs-transcript')
  await expectAccessible(window, 'an SMTP transcript')
  await drawer.getByRole('link', { name: /^msg_/ }).click()
  await expect.poll(() => new URL(window.url()).hash).toMatch(/^#\/inbox\/msg_/)
})

test('Requests without a valid key are listed with details', async ({ window, server }) => {
  await call(server, 'GET', '/v1/emails', undefined, 'ms_live_xxxxxxxxxxxxxxxxxxxx')
  await visit(window, 'Logs')
  const field = window.getByRole('combobox', { name: 'Filter the log' })
  await field.fill('no key')
  await window.getByRole('option', { name: /No key/ }).click()
  const log = window.getByRole('list', { name: 'Log' })
  await expect(log.getByRole('link')).toHaveCount(1)
  await log.getByRole('link', { name: /GET \/v1\/emails.*401/ }).click()
  await expect(window.getByRole('complementary', { name: 'Log entry' })).toContainText(
    'Compare your app’s key with the list under Keys.',
  )
  await window.reload()
  await expect(window.getByRole('complementary', { name: 'Log entry' })).toContainText(
    'API key not valid',
  )
})

test('A picked suggestion stays picked while new suggestions arrive', async ({
  window,
  server,
}) => {
  const { key } = await makeKey(server, 'Late', ['inbox:read'])
  await visit(window, 'Logs')
  const field = window.getByRole('combobox', { name: 'Filter the log' })
  await expect(window.getByRole('button', { name: /Pause/ })).toBeVisible()
  await field.fill('v1/tenants')
  const options = window.getByRole('listbox', { name: 'Filters' }).getByRole('option')
  await expect(options).toHaveText(['Textv1/tenants'])
  await window.keyboard.press('ArrowUp')
  await call(server, 'GET', '/v1/tenants', undefined, key)
  await expect(options).toHaveCount(2)
  await window.keyboard.press('Enter')
  await expect(window.getByRole('button', { name: 'Remove text v1/tenants' })).toBeVisible()
})

test('The log can be paused, filtered and read by keyboard alone', async ({
  window,
  server,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { key } = await makeKey(server, 'Keyboard', ['send', 'inbox:read'])
  await call(server, 'GET', '/v1/inbox', undefined, key)
  await visit(window, 'Logs')
  const log = window.getByRole('list', { name: 'Log' })
  await expect(log.getByRole('link', { name: /GET \/v1\/inbox .*Keyboard/ })).toBeVisible()
  await window.getByRole('heading', { name: 'Logs' }).click()

  await window.keyboard.press('Space')
  await expect(window.getByRole('button', { name: /Resume/ })).toBeVisible()
  for (let count = 0; count < 3; count++) {
    await call(server, 'GET', '/v1/inbox', undefined, key)
  }
  await expect(window.getByRole('button', { name: 'Resume 3 new' })).toBeVisible()
  await expect(log.getByRole('link', { name: /GET \/v1\/inbox .*Keyboard/ })).toHaveCount(1)
  await window.keyboard.press('Space')
  await expect(log.getByRole('link', { name: /GET \/v1\/inbox .*Keyboard/ })).toHaveCount(4)

  await window.keyboard.press('/')
  await window.keyboard.type('key:keyb')
  await window.keyboard.press('Enter')
  await window.keyboard.type('v1/inbox')
  await expect(window.getByRole('option', { name: /v1\/inbox/ }).last()).toBeVisible()
  await window.keyboard.press('ArrowUp')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('button', { name: 'Remove key Keyboard' })).toBeVisible()
  await expect(window.getByRole('button', { name: 'Remove text v1/inbox' })).toBeVisible()
  await expect(log.getByRole('link')).toHaveCount(4)
  await window.keyboard.press('Escape')
  await window.keyboard.press('j')
  await window.keyboard.press('j')
  await expect(log.getByRole('link').nth(1)).toBeFocused()
  await window.keyboard.press('Enter')
  const drawer = window.getByRole('complementary', { name: 'Log entry' })
  const requestIdOf = () => drawer.getByText(/^req_/).first().textContent()
  await expect(drawer).toContainText('GET /v1/inbox')
  const first = await requestIdOf()
  await window.keyboard.press('k')
  await expect.poll(requestIdOf).not.toBe(first)
  await drawer.getByRole('button', { name: 'Copy as curl' }).focus()
  await window.keyboard.press('Space')
  await expect
    .poll(() => window.evaluate(() => navigator.clipboard.readText()))
    .toContain(`curl -X GET '${server.url}/v1/inbox'`)
  await window.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await window.keyboard.press('Escape')
  await expect(window.getByRole('button', { name: 'Remove key Keyboard' })).toBeHidden()
})
