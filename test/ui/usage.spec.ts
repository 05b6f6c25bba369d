import { request } from 'node:http'
import type { Locator, Page } from '@playwright/test'
import { call, expect, type ServerProcess, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const message = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

/** Creates a send-only key and makes three requests: one send, one invalid send and one forbidden read. */
async function countedKey(server: ServerProcess, name: string) {
  const { answer } = await call(server, 'POST', '/v1/api-keys', {
    name,
    mode: 'test',
    permissions: ['send'],
    rate_limit: { requests_per_minute: 10, emails_per_day: 20 },
  })
  await call(server, 'POST', '/v1/send', message, answer.key)
  await call(server, 'POST', '/v1/send', { ...message, to: 'not an address' }, answer.key)
  await call(server, 'GET', '/v1/inbox', undefined, answer.key)
  return answer as { readonly id: string; readonly key: string }
}

/** Waits for a message that never arrives, and aborts the request. */
function abortRequest({ url }: ServerProcess, key: string): Promise<void> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${key}` }
    const pending = request(`${url}/v1/inbox/wait?to=nobody@example.com`, { headers })
    pending.on('error', () => undefined).on('close', resolve)
    pending.end(() => pending.destroy())
  })
}

const rowOf = (window: Page, name: RegExp) => window.getByRole('row', { name })
const stat = (window: Page, name: string) =>
  window.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd')

/** The length of the range in the fields. */
async function spanMinutes(fields: Locator): Promise<number> {
  const [from, to] = await Promise.all(
    ['From', 'To'].map((name) => fields.getByLabel(name).inputValue()),
  )
  return (Date.parse(to ?? '') - Date.parse(from ?? '')) / 60_000
}

// Screenshots and accessibility checks in both themes take long on a busy machine.
test.setTimeout(150_000)

test('Usage shows requests by outcome, key and endpoint, and updates live', async ({
  window,
  server,
}) => {
  const { key } = await countedKey(server, 'Counted')
  await visit(window, 'Usage')
  const byKey = rowOf(window, /Counted/)
  await expect(byKey.getByRole('cell').first()).toHaveText('3')
  await expect(byKey).toContainText('Test')
  await expect(byKey).toContainText('33.3%')
  await expect(rowOf(window, /POST \/v1\/send/)).toBeVisible()
  await expect(window.getByRole('list', { name: 'Outcomes' })).toContainText('Invalid')

  await call(server, 'POST', '/v1/send', message, key)
  await expect(byKey.getByRole('cell').first()).toHaveText('4')

  const { answer: aborting } = await call(server, 'POST', '/v1/api-keys', {
    name: 'Aborting',
    mode: 'test',
    permissions: ['inbox:read'],
  })
  await abortRequest(server, aborting.key)
  await expect(rowOf(window, /^Client aborted/)).toContainText('disconnected before the response')
  await expect(
    rowOf(window, /Aborting/)
      .getByRole('cell')
      .last(),
  ).toHaveText('–')

  for (const range of ['1h', '7d', '30d', '90d', '1y']) {
    await window.getByRole('radio', { name: range }).click()
    await expect(byKey.getByRole('cell').first()).toHaveText('4')
  }
  await takeScreenshots(window, 'usage')
  await expectAccessible(window, 'usage')
})

test('A click on a name filters the figures, and each key has its own page', async ({
  window,
  server,
}) => {
  const { id } = await countedKey(server, 'Narrow')
  await visit(window, 'Usage')
  await rowOf(window, /Narrow/)
    .getByRole('button', { name: 'Narrow' })
    .click()
  expect(new URL(window.url()).hash).toBe(`#/usage/${id}`)
  await expect(stat(window, 'Requests')).toContainText('3')
  const limits = window.getByRole('region', { name: 'Limits of Narrow' })
  await expect(limits.getByRole('meter', { name: /Busiest minute/ })).toBeVisible()
  await expect(limits).toContainText('of 10 requests a minute')
  await expect(limits).toContainText('1 of 20 a day')

  await rowOf(window, /POST \/v1\/send/)
    .getByRole('button')
    .click()
  await expect(stat(window, 'Requests')).toContainText('2')
  await rowOf(window, /^Invalid/)
    .getByRole('button')
    .click()
  await expect(stat(window, 'Requests')).toContainText('1')
  await expect(stat(window, 'Error rate')).toContainText('100%')
  await takeScreenshots(window, 'usage-key')
  await expectAccessible(window, 'usage of a key')

  const filters = window.getByRole('navigation', { name: 'Filters' })
  await filters.getByRole('button', { name: 'Remove outcome Invalid' }).click()
  await expect(stat(window, 'Requests')).toContainText('2')
  await filters.getByRole('button', { name: 'All usage' }).click()
  await expect(filters).toBeHidden()
  expect(new URL(window.url()).hash).toBe('#/usage')
})

test('The chart shows latency and emails, and a drag zooms in', async ({ window, server }) => {
  await countedKey(server, 'Charted')
  await visit(window, 'Usage')
  await window.getByRole('radio', { name: '1h' }).click()
  await window.getByRole('radio', { name: 'Latency' }).click()
  await expect(window.getByRole('list', { name: 'Latency' })).toContainText(/p95\s*[\d.]+ ms/)
  await window.getByRole('radio', { name: 'Emails' }).click()
  await expect(window.getByRole('list', { name: 'Emails' })).toBeVisible()
  await window.getByRole('radio', { name: 'Outcomes' }).click()

  const box = await window.locator('[data-chart]').boundingBox()
  if (!box) throw new Error('The chart is missing')
  const y = box.y + box.height / 2
  await window.mouse.move(box.x + box.width * 0.5, y)
  await window.mouse.down()
  await window.mouse.move(box.x + box.width * 0.7, y, { steps: 6 })
  await window.mouse.move(box.x + box.width * 0.993, y, { steps: 6 })
  await window.mouse.up()
  const fields = window.getByRole('form', { name: 'Custom range' })
  await expect(fields).toBeVisible()
  const draggedMinutes = await spanMinutes(fields)
  expect(draggedMinutes).toBeGreaterThan(15)
  expect(draggedMinutes).toBeLessThan(45)
  await expect(
    rowOf(window, /Charted/)
      .getByRole('cell')
      .first(),
  ).toHaveText('3')
  await takeScreenshots(window, 'usage-zoomed')
  await expectAccessible(window, 'usage, zoomed')
  await window.keyboard.press('Escape')
  await expect(fields).toBeHidden()
  await expect(window.getByRole('radio', { name: '1h' })).toHaveAttribute('aria-checked', 'true')
})

test('A drag faster than one frame zooms in', async ({ window, server }) => {
  await countedKey(server, 'Quick')
  await visit(window, 'Usage')
  await window.getByRole('radio', { name: '1h' }).click()
  await expect(rowOf(window, /Quick/)).toBeVisible()
  await window.locator('[data-chart] .recharts-surface').evaluate(async (chart) => {
    const { x, y, width, height } = chart.getBoundingClientRect()
    const send = (type: string, share: number) => {
      const at = { clientX: x + width * share, clientY: y + height / 2 }
      chart.dispatchEvent(new MouseEvent(type, { bubbles: true, ...at }))
    }
    for (const [type, share] of [
      ['mousemove', 0.5],
      ['mousedown', 0.5],
      ['mousemove', 0.7],
      ['mousemove', 0.9],
      ['mouseup', 0.9],
    ] as const) {
      send(type, share)
      // Lets the window handle the event before the next one, without a frame between them.
      await null
    }
  })
  const fields = window.getByRole('form', { name: 'Custom range' })
  await expect.poll(() => spanMinutes(fields)).toBeGreaterThan(20)
  expect(await spanMinutes(fields)).toBeLessThan(40)
})

test('A range can be entered and reverted by keyboard alone', async ({ window, server }) => {
  await countedKey(server, 'By keyboard')
  await visit(window, 'Usage')
  await expect(rowOf(window, /By keyboard/)).toBeVisible()
  await window.getByRole('radio', { name: '1h' }).focus()
  await window.keyboard.press('End')
  await expect(window.getByRole('radio', { name: 'Custom' })).toBeFocused()
  await window.keyboard.press('Space')
  const fields = window.getByRole('form', { name: 'Custom range' })
  await fields.getByLabel('From').fill('2020-01-01T00:00')
  await fields.getByLabel('To').fill('2020-01-08T00:00')
  await window.keyboard.press('Enter')
  await expect(window.getByText('No requests in this period')).toBeVisible()
  await fields.getByRole('button', { name: 'Back' }).click()
  await expect(rowOf(window, /By keyboard/)).toBeVisible()
})

test('The filtered figures can be exported as CSV', async ({ window, server }) => {
  const { id } = await countedKey(server, 'Exported')
  await visit(window, 'Usage')
  await rowOf(window, /Exported/)
    .getByRole('button', { name: 'Exported' })
    .click()
  await expect(stat(window, 'Requests')).toContainText('3')
  const download = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Export CSV' }).click()
  const file = await (await download).createReadStream()
  const text = (await file.toArray()).join('')
  const [head, ...lines] = text.trim().split(/\r?\n/)
  expect(head).toContain('key_id')
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line).toContain(id)
})
