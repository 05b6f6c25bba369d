import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { deliver, storeFirstKeys, test } from './desktop-app.ts'

/** The time at which the text is painted, by the clock that the test shares. */
function whenPainted(page: Page, words: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const watch = new MutationObserver(() => {
          if (!document.body.textContent?.includes(wanted)) return
          watch.disconnect()
          requestAnimationFrame(() => resolve(Date.now()))
        })
        watch.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
    words,
  )
}

test('The first start shows its keys once, and they work', async ({ launch }) => {
  const { page, server, quit } = await launch()
  const dialog = page.getByRole('dialog', { name: 'Welcome to MailSage' })
  await expect(dialog.getByLabel('API key')).toHaveCount(2)
  const keys = await dialog.getByLabel('API key').allTextContents()
  expect(keys).toHaveLength(2)
  for (const key of keys) {
    const headers = { authorization: `Bearer ${key}` }
    expect((await fetch(`${server.url}/v1/session`, { headers })).status).toBe(200)
  }
  await storeFirstKeys(page)
  await quit()

  const again = await launch()
  await expect(again.page.getByText('Waiting for the first message')).toBeVisible()
  await expect(again.page.getByRole('dialog')).toBeHidden()
})

test('A message appears in the window right after its 250', async ({ launch }) => {
  const { page, server } = await launch()
  await storeFirstKeys(page)
  await expect(page.getByText('Waiting for the first message')).toBeVisible()
  const delaysMs: number[] = []
  for (const number of [1, 2, 3, 4, 5]) {
    const subject = `Order ${number} confirmed`
    const painted = whenPainted(page, subject)
    await deliver(server, { subject, text: `Thank you for order ${number}.` })
    const answered = Date.now()
    delaysMs.push((await painted) - answered)
  }
  console.log(`A message is painted this long after its 250: ${delaysMs.join(', ')} ms`)
  expect(Math.max(...delaysMs)).toBeLessThan(2_000)
})

test('A key created in the window sends over HTTP, and its mail appears', async ({ launch }) => {
  const { page, server } = await launch()
  await storeFirstKeys(page)
  await page.getByRole('link', { name: 'Keys' }).first().click()
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Name').fill('Shop staging')
  await page.getByRole('button', { name: 'Create test key' }).click()
  const key = await page.getByLabel('API key', { exact: true }).textContent()
  await storeFirstKeys(page)

  const send = (authorization: string) =>
    fetch(`${server.url}/v1/send`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'shop@example.com',
        to: ['ada@example.com'],
        subject: 'Sent with the new key',
        text: 'Hello',
      }),
    })
  expect((await send(`Bearer ${key}x`)).status).toBe(401)
  expect((await send(`Bearer ${key}`)).status).toBe(202)
  await page.getByRole('link', { name: 'Inbox' }).first().click()
  await expect(page.getByText('Sent with the new key').first()).toBeVisible()
})

test('The menu opens every screen and the search', async ({ launch }) => {
  const { electron, page, server } = await launch()
  await storeFirstKeys(page)
  await deliver(server, { subject: 'Something to search' })
  const press = (id: string) =>
    electron.evaluate(({ Menu }, item) => {
      const entry = Menu.getApplicationMenu()?.getMenuItemById(item)
      if (!entry) throw new Error(`the menu has no ${item}`)
      entry.click()
    }, id)
  for (const screen of [
    'outbox',
    'connect',
    'keys',
    'templates',
    'webhooks',
    'usage',
    'logs',
    'relays',
    'tenants',
    'settings',
    'inbox',
  ]) {
    await press(`go-${screen}`)
    const link = page.getByRole('link', { name: new RegExp(`^${screen}`, 'i') })
    await expect(link).toHaveAttribute('aria-current', 'page')
  }
  await press('search')
  await expect(page.getByLabel('Search messages')).toBeFocused()
})

test('A message is saved byte for byte in the selected file', async ({ dataFolder, launch }) => {
  const { electron, page, server } = await launch()
  await storeFirstKeys(page)
  await deliver(server, { subject: 'Keep me', text: 'Grüße\n'.repeat(100) })
  await page.getByText('Keep me').first().click()
  const target = join(dataFolder, 'kept.eml')
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never
  }, target)
  await page.getByRole('tab', { name: 'Source' }).click()
  await page
    .getByRole('button', { name: /download/i })
    .first()
    .click()
  const headers = { authorization: `Bearer ${server.consoleKey}` }
  const id = page.url().split('/').at(-1)
  const raw = await (await fetch(`${server.url}/v1/inbox/${id}/raw`, { headers })).text()
  expect(raw).toContain('Subject: Keep me')
  await expect.poll(() => existsSync(target) && readFileSync(target, 'utf8')).toBe(raw)
})
