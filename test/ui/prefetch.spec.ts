import type { Page } from '@playwright/test'
import { deliver, emptyInbox, expect, test } from './fixtures.ts'
import { frameAhead, pagesAskedFor } from './message-pane.ts'

test('a message that is pointed at is asked for before it is opened', async ({ window, relay }) => {
  await emptyInbox(relay)
  await deliver(relay, { subject: 'Pointed at', html: '<p>All of it</p>' })
  const row = window.getByRole('link', { name: /Pointed at/ })
  await expect(row).toBeVisible()

  const asked = askedFor(window)
  const prepared = window.waitForResponse(/\/view$/)
  await row.hover()
  await prepared
  await expect(window.getByRole('article', { name: 'Message' })).toHaveCount(0)
  expect(asked).toEqual(['GET', 'POST view', 'GET extract'])

  await row.click()
  await expect(body(window)).toContainText('All of it')
  const again = asked.slice(3).filter((line) => line === 'GET' || line === 'POST view')
  expect(again, 'opening asks for nothing twice').toEqual([])
})

test('the page of a message that is pointed at is loaded once, and shown as it is', async ({
  window,
  relay,
}) => {
  await emptyInbox(relay)
  await deliver(relay, { subject: 'Ready', html: '<p>Drawn before</p>' })
  const row = window.getByRole('link', { name: /Ready/ })
  await expect(row).toBeVisible()
  const pages = pagesAskedFor(window)
  await row.hover()
  const ahead = frameAhead(window)
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

test('the keyboard has the next message ready', async ({ window, relay }) => {
  await emptyInbox(relay)
  for (const subject of ['Third', 'Second', 'First']) {
    await deliver(relay, { subject, html: `<p>Body of ${subject}</p>` })
  }
  await window.getByRole('link', { name: /First/ }).click()
  await expect(body(window)).toContainText('Body of First')
  const asked = askedFor(window)
  const prepared = window.waitForResponse(
    (response) => response.url().endsWith('/view') && asked.filter(isView).length === 2,
  )
  await window.keyboard.press('j')
  await expect(body(window)).toContainText('Body of Second')
  await prepared
  await window.keyboard.press('j')
  await expect(body(window)).toContainText('Body of Third')
  expect(asked.filter(isView), 'the third was not asked for again').toHaveLength(2)
})

test('a large message is on the screen before it is looked through', async ({ window, relay }) => {
  await emptyInbox(relay)
  await deliver(relay, { subject: 'Large', html: '<p>Many words</p>'.repeat(6000) })
  const row = window.getByRole('link', { name: /Large/ })
  await expect(row).toBeVisible()
  const order: string[] = []
  window.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/view/')) order.push('body')
  })
  window.on('request', (request) => {
    if (request.url().endsWith('/extract')) order.push('looked through')
  })
  const looked = window.waitForRequest(/\/extract$/)
  await row.click()
  await looked
  expect(order).toEqual(['body', 'looked through'])
})

test('who goes back before a message has come stays where they are', async ({ window, relay }) => {
  await emptyInbox(relay)
  await deliver(relay, { subject: 'Late', text: 'Too late' })
  await deliver(relay, { subject: 'Shown', text: 'Here' })
  await window.getByRole('link', { name: /Shown/ }).click()
  const article = window.getByRole('article', { name: 'Message' })
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
  let answer = () => {}
  const mayAnswer = new Promise<void>((done) => {
    answer = done
  })
  const late = await window.getByRole('link', { name: /Late/ }).getAttribute('data-row')
  await window.route(`**/v1/inbox/${late}`, async (route) => {
    await mayAnswer
    await route.continue().catch(() => undefined)
  })
  await window.getByRole('link', { name: /Late/ }).click()
  await expect(article.getByRole('status', { name: 'Loading message' })).toBeVisible()
  await window.goBack()
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
  answer()
  await window.unrouteAll({ behavior: 'wait' })
  await expect(article.getByRole('heading', { name: 'Shown' })).toBeVisible()
})

const body = (window: Page) =>
  window.frameLocator('iframe[title="Message as HTML"]').locator('body')
const isView = (line: string): boolean => line === 'POST view'

/** What the window asks of messages from now on, in its order. */
function askedFor(window: Page): string[] {
  const asked: string[] = []
  window.on('request', (request) => {
    const [, part] = /\/v1\/inbox\/msg_\w+(?:\/(\w+))?$/.exec(request.url()) ?? []
    const isMessage = /\/v1\/inbox\/msg_/.test(request.url())
    if (isMessage) asked.push([request.method(), part].filter(Boolean).join(' '))
  })
  return asked
}
