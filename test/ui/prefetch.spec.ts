import type { Page } from '@playwright/test'
import { deliver, emptyInbox, expect, test } from './fixtures.ts'
import { preloadedFrame, requestedPages } from './message-pane.ts'

test('A message under the pointer is requested before it is opened', async ({ window, server }) => {
  await emptyInbox(server)
  await deliver(server, { subject: 'Pointed at', html: '<p>All of it</p>' })
  const row = window.getByRole('link', { name: /Pointed at/ })
  await expect(row).toBeVisible()

  const requests = requestsFrom(window)
  const prepared = window.waitForResponse(/\/view$/)
  await row.hover()
  await prepared
  await expect(window.getByRole('article', { name: 'Message' })).toHaveCount(0)
  expect(requests).toEqual(['GET', 'POST view', 'GET extract'])

  await row.click()
  await expect(body(window)).toContainText('All of it')
  const again = requests.slice(3).filter((line) => line === 'GET' || line === 'POST view')
  expect(again, 'opening requests nothing twice').toEqual([])
})

test('The preloaded page of a message is loaded once and reused when it opens', async ({
  window,
  server,
}) => {
  await emptyInbox(server)
  await deliver(server, { subject: 'Ready', html: '<p>Drawn before</p>' })
  const row = window.getByRole('link', { name: /Ready/ })
  await expect(row).toBeVisible()
  const pages = requestedPages(window)
  await row.hover()
  const ahead = preloadedFrame(window)
  await expect(ahead.contentFrame().locator('body')).toContainText('Drawn before')
  const frame = await ahead.elementHandle()
  await row.click()
  await expect(body(window)).toContainText('Drawn before')
  const isShown = (element: Node | null) => element === document.querySelector('article iframe')
  expect(await window.evaluate(isShown, frame)).toBe(true)
  await expect(ahead).toHaveCount(0)
  await expect(window.getByRole('article').locator('iframe')).toHaveCSS('opacity', '1')
  expect(pages).toHaveLength(1)
})

test('Keyboard navigation prefetches the next message', async ({ window, server }) => {
  await emptyInbox(server)
  for (const subject of ['Third', 'Second', 'First']) {
    await deliver(server, { subject, html: `<p>Body of ${subject}</p>` })
  }
  await window.getByRole('link', { name: /First/ }).click()
  await expect(body(window)).toContainText('Body of First')
  const requests = requestsFrom(window)
  const prepared = window.waitForResponse(
    (response) => response.url().endsWith('/view') && requests.filter(isView).length === 2,
  )
  await window.keyboard.press('j')
  await expect(body(window)).toContainText('Body of Second')
  await prepared
  await window.keyboard.press('j')
  await expect(body(window)).toContainText('Body of Third')
  expect(requests.filter(isView), 'the third message is requested once').toHaveLength(2)
})

test('A large message is shown before its codes and links are requested', async ({
  window,
  server,
}) => {
  await emptyInbox(server)
  await deliver(server, { subject: 'Large', html: '<p>Many words</p>'.repeat(6000) })
  const row = window.getByRole('link', { name: /Large/ })
  await expect(row).toBeVisible()
  const order: string[] = []
  window.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/view/')) order.push('body')
  })
  window.on('request', (request) => {
    if (request.url().endsWith('/extract')) order.push('extract')
  })
  const extracted = window.waitForRequest(/\/extract$/)
  await row.click()
  await extracted
  expect(order).toEqual(['body', 'extract'])
})

test('Going back cancels a message that is still loading', async ({ window, server }) => {
  await emptyInbox(server)
  await deliver(server, { subject: 'Late', text: 'Too late' })
  await deliver(server, { subject: 'Shown', text: 'Here' })
  await window.getByRole('link', { name: /Shown/ }).click()
  const article = window.getByRole('article', { name: 'Message' })
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
  let respond = () => {}
  const mayRespond = new Promise<void>((done) => {
    respond = done
  })
  const late = await window.getByRole('link', { name: /Late/ }).getAttribute('data-row')
  await window.route(`**/v1/inbox/${late}`, async (route) => {
    await mayRespond
    await route.continue().catch(() => undefined)
  })
  await window.getByRole('link', { name: /Late/ }).click()
  await expect(article.getByRole('status', { name: 'Loading message' })).toBeVisible()
  await window.goBack()
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
  respond()
  await window.unrouteAll({ behavior: 'wait' })
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
})

const body = (window: Page) =>
  window.frameLocator('iframe[title="Message as HTML"]').locator('body')
const isView = (line: string): boolean => line === 'POST view'

/** The message requests of the window from now on, in order. */
function requestsFrom(window: Page): string[] {
  const requests: string[] = []
  window.on('request', (request) => {
    const [, part] = /\/v1\/inbox\/msg_\w+(?:\/(\w+))?$/.exec(request.url()) ?? []
    const isMessage = /\/v1\/inbox\/msg_/.test(request.url())
    if (isMessage) requests.push([request.method(), part].filter(Boolean).join(' '))
  })
  return requests
}
