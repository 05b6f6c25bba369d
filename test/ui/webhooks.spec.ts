import { type Receiver, startReceiver } from '../webhooks/plain-receiver.ts'
import { test as base, call, expect, type ServerProcess, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

// Each test covers a whole screen, which takes long on a busy machine.
base.describe.configure({ timeout: 180_000 })

const test = base.extend<{ receiver: Receiver }>({
  // Playwright reads the dependencies of a fixture from this pattern.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  receiver: async ({}, use) => {
    const receiver = await startReceiver()
    await use(receiver)
    await receiver.close()
  },
})

async function removeWebhooks(server: ServerProcess): Promise<void> {
  const { answer } = await call(server, 'GET', '/v1/webhooks')
  for (const { id } of answer.data) await call(server, 'DELETE', `/v1/webhooks/${id}`)
}

async function capture(server: ServerProcess): Promise<string> {
  const { answer } = await call(server, 'POST', '/v1/api-keys', { name: 'App', mode: 'test' })
  const body = { from: 'a@example.com', to: 'ada@example.com', subject: 'Hello', text: 'x' }
  return (await call(server, 'POST', '/v1/send', body, answer.key)).answer.id
}

test.beforeEach(({ server }) => removeWebhooks(server))

test('A webhook can be added, shows its secret once and receives events live', async ({
  window,
  server,
  receiver,
}) => {
  await visit(window, 'Webhooks')
  await expect(window.getByText('No webhooks yet')).toBeVisible()
  await window.getByRole('button', { name: 'Add webhook' }).click()
  const dialog = window.getByRole('dialog', { name: 'Add webhook' })
  await dialog.getByLabel('URL').fill('ftp://example.com')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('must begin with https:// or http://')).toBeVisible()
  await dialog.getByLabel('URL').fill(receiver.url)
  await dialog.getByRole('checkbox', { name: /Relay accepted the message/ }).click()
  await expectAccessible(window, 'the dialog to add a webhook')
  await takeScreenshots(window, 'webhooks-add')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()

  const reveal = window.getByRole('dialog', { name: 'Webhook secret' })
  const secret = (await reveal.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await window.keyboard.press('Escape')
  await expect(reveal.getByRole('button', { name: 'Done' })).toBeDisabled()
  await expectAccessible(window, 'the secret')
  await reveal.getByRole('checkbox', { name: 'I’ve saved it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()

  await window.getByRole('link', { name: receiver.url }).click()
  await expect(window.getByText('No deliveries yet')).toBeVisible()
  const messageId = await capture(server)
  const row = window.getByRole('link', { name: /Delivered captured ada@example.com/ })
  await expect(row).toContainText('200')
  await row.click()
  const drawer = window.getByRole('complementary', { name: 'Delivery' })
  await expect(drawer).toContainText('Your endpoint returned 200.')
  await expect(drawer.getByLabel('payload', { exact: true })).toContainText(messageId)
  await expect(drawer.getByLabel('response, 200', { exact: true })).toContainText('thanks')
  await expect(drawer.getByLabel('headers', { exact: true })).toContainText('X-Webhook-Id: wh_')

  const [hook] = receiver.hooks
  expect(hook?.body).toContain(messageId)
  await drawer.getByRole('button', { name: 'Check signature' }).click()
  const help = window.getByRole('dialog', { name: 'Verify signature' })
  await expect(help.getByLabel('Raw body')).toHaveValue(hook?.body ?? '')
  await help.getByLabel('X-Webhook-Signature').fill(hook?.signature ?? '')
  await help.getByLabel('Secret').fill(`${secret} `)
  await expect(help.getByText('The secret has an extra space')).toBeVisible()
  await expectAccessible(window, 'the checker')
  await takeScreenshots(window, 'webhooks-check')
  await help.getByLabel('Secret').fill(secret)
  await expect(help.getByText('Valid:')).toBeVisible()
  await help.getByRole('radio', { name: 'Code for your endpoint' }).click()
  await help.getByRole('radio', { name: 'Python' }).click()
  await expect(help.getByLabel('code for Python', { exact: true })).toContainText('compare_digest')
  await expectAccessible(window, 'the code')
  await takeScreenshots(window, 'webhooks-code')
})

test('A delivery that the server records late appears in the list', async ({
  window,
  server,
  receiver,
}) => {
  const body = { url: receiver.url, events: ['captured'] }
  const { answer } = await call(server, 'POST', '/v1/webhooks', body)
  await window.goto(`${server.url}/#/webhooks/${answer.id}`)
  await expect(window.getByText('No deliveries yet')).toBeVisible()
  const isLate = (count: number) => count < 2
  let requests = 0
  await window.route(/\/v1\/webhooks\/\w+\/logs/, async (route) => {
    const json = { data: [], pagination: { page: 1, limit: 100, total: 0 } }
    await (isLate(requests) ? route.fulfill({ json }) : route.continue())
    requests += 1
  })
  await capture(server)
  await expect(window.getByRole('link', { name: /Delivered captured/ })).toContainText('200')
})

test('A failed delivery is explained, counted down and replayed, and a webhook can be edited', async ({
  window,
  server,
  receiver,
}) => {
  receiver.status(500)
  const { answer } = await call(server, 'POST', '/v1/webhooks', {
    url: receiver.url,
    events: ['captured', 'bounced'],
  })
  await window.evaluate((hash) => {
    location.hash = hash
  }, `#/webhooks/${answer.id}`)
  await window.getByRole('button', { name: 'Send test event' }).first().click()
  await expect(window.getByRole('link', { name: /Failed captured Test/ })).toBeVisible()
  await capture(server)
  const pending = window.getByRole('link', { name: /Pending captured ada@/ })
  await expect(pending).toContainText(/1, next 0:\d\d/)
  await pending.click()
  const drawer = window.getByRole('complementary', { name: 'Delivery' })
  await expect(drawer).toContainText('Your endpoint failed to process the event')
  await expect(drawer.getByRole('button', { name: 'Replay' })).toBeDisabled()
  await expectAccessible(window, 'the deliveries')
  await takeScreenshots(window, 'webhooks-detail')

  await window.getByRole('radio', { name: 'Failed' }).click()
  await expect(pending).toBeHidden()
  receiver.status(200)
  await window.getByRole('link', { name: /Failed captured Test/ }).click()
  const release = receiver.hold()
  await drawer.getByRole('button', { name: 'Replay' }).click()
  await expect(window.getByText('with the same payload')).toBeVisible()
  const listed = window.waitForResponse(/\/logs\?.*status=delivered/)
  await window.getByRole('radio', { name: 'Delivered' }).click()
  await listed
  release()
  await expect(window.getByRole('link', { name: /Delivered captured Test/ })).toBeVisible()
  const bodies = receiver.hooks.filter(({ body }) => body.includes('msg_test'))
  expect(new Set(bodies.map(({ body }) => body)).size).toBe(1)

  await window.getByRole('button', { name: /^Actions for/ }).click()
  await window.getByRole('menuitem', { name: 'Edit…' }).click()
  const edit = window.getByRole('dialog', { name: 'Edit webhook' })
  await edit.getByRole('button', { name: 'Select all' }).click()
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(window.getByText('Subscribed to all events')).toBeVisible()
  await window.getByRole('button', { name: /^Actions for/ }).click()
  await window.getByRole('menuitem', { name: 'New secret…' }).click()
  await window.getByRole('button', { name: 'Create new secret' }).click()
  await expect(window.getByLabel('Secret', { exact: true })).toContainText('whsec_')
})

test('A webhook can be disabled, tested and deleted by keyboard alone', async ({
  window,
  server,
  receiver,
}) => {
  await call(server, 'POST', '/v1/webhooks', { url: receiver.url, events: ['captured'] })
  await call(server, 'POST', '/v1/webhooks', {
    url: 'http://127.0.0.1:9/a/rather/long/path/to/see/how/it/is/cut/off?token=none',
    events: ['alert'],
  })
  await capture(server)
  await visit(window, 'Webhooks')
  await expect(window.getByRole('row', { name: new RegExp(receiver.url) })).toContainText('100%')
  await expectAccessible(window, 'the list of webhooks')
  await takeScreenshots(window, 'webhooks-list')
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('j')
  await window.keyboard.press('j')
  await expect(window.getByRole('link', { name: receiver.url })).toBeFocused()
  await window.keyboard.press('Enter')
  const toggle = window.getByRole('switch', { name: 'Disable webhook' })
  await toggle.press('Space')
  await expect(window.getByText('Webhook disabled', { exact: true })).toBeVisible()
  await window.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(window.getByText('Webhook enabled.')).toBeVisible()
  await window.getByRole('button', { name: 'Send test event' }).press('Enter')
  await expect(window.getByText(/Test “captured” delivered: 200/)).toBeVisible()
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('j')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('complementary', { name: 'Delivery' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(window.getByRole('complementary', { name: 'Delivery' })).toBeHidden()
  await window.getByRole('button', { name: /^Actions for/ }).press('Enter')
  await window.getByRole('menuitem', { name: 'Delete…' }).press('Enter')
  const confirm = window.getByRole('alertdialog', { name: 'Delete this webhook?' })
  await expect(confirm).toContainText('deletes its log and secret')
  await confirm.getByRole('button', { name: 'Delete webhook' }).press('Enter')
  await expect(window.getByRole('link', { name: receiver.url })).toBeHidden()
  const { answer } = await call(server, 'GET', '/v1/webhooks')
  expect(answer.data).toHaveLength(1)
})
