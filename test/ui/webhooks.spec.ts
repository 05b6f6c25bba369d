import { type Receiver, startReceiver } from '../webhooks/plain-receiver.ts'
import { test as base, call, expect, type Relay, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

// Each of these walks a whole screen, which takes long on a busy machine.
base.describe.configure({ timeout: 180_000 })

const test = base.extend<{ receiver: Receiver }>({
  // Playwright reads the fixture's needs from this pattern.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  receiver: async ({}, use) => {
    const receiver = await startReceiver()
    await use(receiver)
    await receiver.close()
  },
})

async function removeWebhooks(relay: Relay): Promise<void> {
  const { answer } = await call(relay, 'GET', '/v1/webhooks')
  for (const { id } of answer.data) await call(relay, 'DELETE', `/v1/webhooks/${id}`)
}

async function capture(relay: Relay): Promise<string> {
  const { answer } = await call(relay, 'POST', '/v1/api-keys', { name: 'App', mode: 'test' })
  const body = { from: 'a@example.com', to: 'ada@example.com', subject: 'Hello', text: 'x' }
  return (await call(relay, 'POST', '/v1/send', body, answer.key)).answer.id
}

test.beforeEach(({ relay }) => removeWebhooks(relay))

test('a webhook is added, its secret shown once, and it hears of mail live', async ({
  window,
  relay,
  receiver,
}) => {
  await visit(window, 'Webhooks')
  await expect(window.getByText('No webhooks yet')).toBeVisible()
  await window.getByRole('button', { name: 'Add webhook' }).click()
  const dialog = window.getByRole('dialog', { name: 'Add webhook' })
  await dialog.getByLabel('Address').fill('ftp://example.com')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('must begin with https:// or http://')).toBeVisible()
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByRole('checkbox', { name: /The relay took it/ }).click()
  await expectAccessible(window, 'the dialog to add a webhook')
  await takeScreenshots(window, 'webhooks-add')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()

  const reveal = window.getByRole('dialog', { name: 'The webhook’s secret' })
  const secret = (await reveal.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await window.keyboard.press('Escape')
  await expect(reveal.getByRole('button', { name: 'Done' })).toBeDisabled()
  await expectAccessible(window, 'the secret')
  await reveal.getByRole('checkbox', { name: 'I stored it' }).click()
  await reveal.getByRole('button', { name: 'Done' }).click()

  await window.getByRole('link', { name: receiver.url }).click()
  await expect(window.getByText('Nothing was sent yet')).toBeVisible()
  const messageId = await capture(relay)
  const row = window.getByRole('link', { name: /Received captured ada@example.com/ })
  await expect(row).toContainText('200')
  await row.click()
  const drawer = window.getByRole('complementary', { name: 'Delivery' })
  await expect(drawer).toContainText('It answered 200, which counts as received.')
  await expect(drawer.getByLabel('payload', { exact: true })).toContainText(messageId)
  await expect(drawer.getByLabel('answer, 200', { exact: true })).toContainText('thanks')
  await expect(drawer.getByLabel('headers', { exact: true })).toContainText('X-Webhook-Id: wh_')

  const [hook] = receiver.hooks
  expect(hook?.body).toContain(messageId)
  await drawer.getByRole('button', { name: 'Check its signature' }).click()
  const help = window.getByRole('dialog', { name: 'Verify a signature' })
  await expect(help.getByLabel('Raw body')).toHaveValue(hook?.body ?? '')
  await help.getByLabel('X-Webhook-Signature').fill(hook?.signature ?? '')
  await help.getByLabel('Secret').fill(`${secret} `)
  await expect(help.getByText('The secret has a space')).toBeVisible()
  await expectAccessible(window, 'the checker')
  await takeScreenshots(window, 'webhooks-check')
  await help.getByLabel('Secret').fill(secret)
  await expect(help.getByText('Genuine')).toBeVisible()
  await help.getByRole('radio', { name: 'Code for your receiver' }).click()
  await help.getByRole('radio', { name: 'Python' }).click()
  await expect(help.getByLabel('code for Python', { exact: true })).toContainText('compare_digest')
  await expectAccessible(window, 'the code')
  await takeScreenshots(window, 'webhooks-code')
})

test('a delivery is shown that a busy server writes down late', async ({
  window,
  relay,
  receiver,
}) => {
  const body = { url: receiver.url, events: ['captured'] }
  const { answer } = await call(relay, 'POST', '/v1/webhooks', body)
  await window.goto(`${relay.url}/#/webhooks/${answer.id}`)
  await expect(window.getByText('Nothing was sent yet')).toBeVisible()
  const isLate = (count: number) => count < 2
  let looks = 0
  await window.route(/\/v1\/webhooks\/\w+\/logs/, async (route) => {
    const json = { data: [], pagination: { page: 1, limit: 100, total: 0 } }
    await (isLate(looks) ? route.fulfill({ json }) : route.continue())
    looks += 1
  })
  await capture(relay)
  await expect(window.getByRole('link', { name: /Received captured/ })).toContainText('200')
})

test('what fails is explained, counted down, replayed, and a webhook is edited', async ({
  window,
  relay,
  receiver,
}) => {
  receiver.status(500)
  const { answer } = await call(relay, 'POST', '/v1/webhooks', {
    url: receiver.url,
    events: ['captured', 'bounced'],
  })
  await window.evaluate((hash) => {
    location.hash = hash
  }, `#/webhooks/${answer.id}`)
  await window.getByRole('button', { name: 'Send test event' }).first().click()
  await expect(window.getByRole('link', { name: /Failed captured Test/ })).toBeVisible()
  await capture(relay)
  const waiting = window.getByRole('link', { name: /Waiting captured ada@/ })
  await expect(waiting).toContainText(/1, next 0:\d\d/)
  await waiting.click()
  const drawer = window.getByRole('complementary', { name: 'Delivery' })
  await expect(drawer).toContainText('The receiver failed while it handled the event')
  await expect(drawer.getByRole('button', { name: 'Replay' })).toBeDisabled()
  await expectAccessible(window, 'the deliveries')
  await takeScreenshots(window, 'webhooks-detail')

  await window.getByRole('radio', { name: 'Failed' }).click()
  await expect(waiting).toBeHidden()
  receiver.status(200)
  await window.getByRole('link', { name: /Failed captured Test/ }).click()
  const answer200 = receiver.hold()
  await drawer.getByRole('button', { name: 'Replay' }).click()
  await expect(window.getByText('is sent again, with the same bytes')).toBeVisible()
  const received = window.waitForResponse(/\/logs\?.*status=delivered/)
  await window.getByRole('radio', { name: 'Received' }).click()
  await received
  answer200()
  await expect(window.getByRole('link', { name: /Received captured Test/ })).toBeVisible()
  const bodies = receiver.hooks.filter(({ body }) => body.includes('msg_test'))
  expect(new Set(bodies.map(({ body }) => body)).size).toBe(1)

  await window.getByRole('button', { name: /^Actions for/ }).click()
  await window.getByRole('menuitem', { name: 'Edit…' }).click()
  const edit = window.getByRole('dialog', { name: 'Edit webhook' })
  await edit.getByRole('button', { name: 'Choose all' }).click()
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(window.getByText('Hears of every event')).toBeVisible()
  await window.getByRole('button', { name: /^Actions for/ }).click()
  await window.getByRole('menuitem', { name: 'New secret…' }).click()
  await window.getByRole('button', { name: 'Make new secret' }).click()
  await expect(window.getByLabel('Secret', { exact: true })).toContainText('whsec_')
})

test('by keyboard only: switch off, send a test, delete', async ({ window, relay, receiver }) => {
  await call(relay, 'POST', '/v1/webhooks', { url: receiver.url, events: ['captured'] })
  await call(relay, 'POST', '/v1/webhooks', {
    url: 'http://127.0.0.1:9/a/rather/long/path/to/see/how/it/is/cut/off?token=none',
    events: ['alert'],
  })
  await capture(relay)
  await visit(window, 'Webhooks')
  await expect(window.getByRole('row', { name: new RegExp(receiver.url) })).toContainText('100%')
  await expectAccessible(window, 'the list of webhooks')
  await takeScreenshots(window, 'webhooks-list')
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('j')
  await window.keyboard.press('j')
  await expect(window.getByRole('link', { name: receiver.url })).toBeFocused()
  await window.keyboard.press('Enter')
  const toggle = window.getByRole('switch', { name: 'Switch off' })
  await toggle.press('Space')
  await expect(window.getByText('Switched off', { exact: true })).toBeVisible()
  await window.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(window.getByText('Switched on: it is sent')).toBeVisible()
  await window.getByRole('button', { name: 'Send test event' }).press('Enter')
  await expect(window.getByText(/Test “captured” received: 200/)).toBeVisible()
  await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await window.keyboard.press('j')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('complementary', { name: 'Delivery' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(window.getByRole('complementary', { name: 'Delivery' })).toBeHidden()
  await window.getByRole('button', { name: /^Actions for/ }).press('Enter')
  await window.getByRole('menuitem', { name: 'Delete…' }).press('Enter')
  const confirm = window.getByRole('alertdialog', { name: 'Delete this webhook?' })
  await expect(confirm).toContainText('its log and its secret are gone')
  await confirm.getByRole('button', { name: 'Delete webhook' }).press('Enter')
  await expect(window.getByRole('link', { name: receiver.url })).toBeHidden()
  const { answer } = await call(relay, 'GET', '/v1/webhooks')
  expect(answer.data).toHaveLength(1)
})
