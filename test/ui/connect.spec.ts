import { createTransport } from 'nodemailer'
import { call, deliver, expect, type ServerProcess, signIn, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const firstMessage = { name: 'First message' } as const

async function createKey(server: ServerProcess, body: object) {
  const { answer } = await call(server, 'POST', '/v1/api-keys', body)
  return answer as { readonly id: string; readonly key: string }
}

test('The first message of a new test key is shown as connected', async ({
  window,
  server,
  context,
}) => {
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visit(window, 'Connect')
  const status = window.getByRole('region', firstMessage)
  await expect(status).toContainText('Waiting for the first message')
  const terminal = window.getByRole('figure', { name: 'Terminal' })
  await expect(terminal).toContainText('YOUR_API_KEY')
  await expect(terminal).toContainText(`${server.url}/v1/send`)
  await expect(status.getByRole('button', { name: 'Send a test message' })).toBeDisabled()
  await expect(window.getByRole('combobox', { name: 'Key' })).toContainText('test')

  await window.getByRole('link', { name: 'Nodemailer' }).click()
  expect(window.url()).toContain('#/connect/nodemailer')
  await window.getByRole('button', { name: 'Create a test key' }).click()
  const environment = window.getByRole('figure', { name: '.env' })
  await expect(environment).toContainText(`SMTP_PORT=${server.smtpPort}`)
  await expect(environment).toContainText(/SMTP_PASS=ms_test_\w{20,}/)
  await expect(window.getByRole('combobox', { name: 'Key' })).toContainText('Nodemailer test')
  await environment.getByRole('button', { name: 'Copy' }).click()
  await expect(environment.getByText('Copied')).toBeVisible()
  const copied = await window.evaluate(() => navigator.clipboard.readText())
  const key = /SMTP_PASS=(.*)/.exec(copied)?.[1] ?? ''
  await takeScreenshots(window, 'connect-waiting')
  await expectAccessible(window, 'connect, waiting')

  const transport = createTransport({
    host: '127.0.0.1',
    port: server.smtpPort,
    auth: { user: 'mailsage', pass: key },
    ignoreTLS: true,
  })
  const mail = { from: 'app@example.com', to: 'ada@example.com', subject: 'By Nodemailer' }
  await transport.sendMail({ ...mail, text: 'x' })
  transport.close()
  await expect(status).toContainText('Connected: message received over SMTP')
  await expect(status.getByRole('link', { name: 'Open “By Nodemailer”' })).toBeVisible()
  await status.getByRole('button', { name: 'Send a test message' }).click()
  await expect(status).toContainText('Connected: 2 messages received')
  const link = status.getByRole('link', { name: 'Open “A test message from Connect”' })
  await expect(link).toBeVisible()
  await takeScreenshots(window, 'connect-arrived')
  await expectAccessible(window, 'connect, arrived')
  await link.click()
  await expect(
    window
      .getByRole('article', { name: 'Message' })
      .getByRole('heading', { name: 'A test message from Connect' }),
  ).toBeVisible()
})

test('A refusal shows its reason and its fix', async ({ page, server }) => {
  test.slow()
  const { key, id } = await createKey(server, {
    name: 'Only the shop',
    mode: 'test',
    allowed_senders: ['shop.example.com'],
  })
  await signIn(page, server)
  await visit(page, 'Connect')
  const status = page.getByRole('region', firstMessage)
  await page.getByRole('combobox', { name: 'Key' }).click()
  await page.getByRole('option', { name: /Only the shop/ }).click()
  const mail = { from: 'me@elsewhere.example', to: 'ada@example.com', subject: 's', text: 't' }
  expect((await call(server, 'POST', '/v1/send', mail, key)).status).toBe(403)
  await expect(status).toContainText('The key does not allow this sender (403 POST /v1/send)')
  await expect(status).toContainText('allowed senders')
  await takeScreenshots(page, 'connect-refused')
  await expectAccessible(page, 'connect, refused')
  await expect(status.getByRole('link', { name: 'Show in log' })).toHaveAttribute(
    'href',
    /^#\/logs\/\d+$/,
  )
  await status.getByRole('button', { name: 'Wait again' }).click()
  await expect(status).toContainText('Waiting for the first message')

  await call(server, 'POST', '/v1/send', mail, `${key}x`)
  await expect(status).toContainText('The key is invalid (401 POST /v1/send)', {
    timeout: 15_000,
  })
  await expect(status).toContainText('The request had no valid key.')
  await status.getByRole('button', { name: 'Wait again' }).click()

  await deliver(server, { subject: 'Without a key', text: 'x' })
  await expect(status).toContainText('A message came, but without a key')
  const fit = { ...mail, from: 'orders@shop.example.com' }
  expect((await call(server, 'POST', '/v1/send', fit, key)).status).toBe(202)
  await expect(status).toContainText('Connected: message received over HTTP')
  await expect(page.getByRole('link', { name: 'Key settings' })).toHaveAttribute(
    'href',
    `#/keys/${id}`,
  )
})

test('Every sample can be opened by keyboard and by URL', async ({ page, server }) => {
  await page.goto(`${server.url}/#/connect/django`)
  await signIn(page, server)
  await page.goto(`${server.url}/#/connect/django`)
  await expect(page.getByRole('figure', { name: 'settings.py' })).toContainText('EMAIL_HOST')
  await expect(page.getByRole('link', { name: 'Django' })).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('j')
  await expect(page.getByRole('figure', { name: 'app.py' })).toContainText('flask_mail')
  await page.keyboard.press('j')
  await expect(page.getByRole('figure', { name: 'send.php' })).toContainText('/v1/send')
  await page.getByRole('radio', { name: 'HTTP, /api/v1/emails/send' }).click()
  await expect(page.getByRole('figure', { name: 'send.php' })).toContainText('/api/v1/emails/send')
  await page.getByRole('radio', { name: 'SMTP', exact: true }).click()
  await expect(page.getByRole('figure', { name: 'send.php' })).toContainText('PHPMailer')
  await takeScreenshots(page, 'connect-php')
  await page.getByRole('link', { name: 'Docker Compose' }).click()
  await expect(page.getByRole('figure', { name: 'compose.yaml' })).toContainText(
    `SMTP_PORT: ${server.smtpPort}`,
  )
})
