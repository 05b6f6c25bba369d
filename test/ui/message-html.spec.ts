import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliver, emptyInbox, expect, test } from './fixtures.ts'
import { frame, message, openMail, preloadedFrame, requestedPages } from './message-pane.ts'
import { pixel } from './sample-mails.ts'
import { takeScreenshots } from './screenshot.ts'

test.beforeEach(({ server }) => emptyInbox(server))

test('The HTML view has a light, a dark and a forced dark mode', async ({ window, server }) => {
  await openMail(window, server, {
    subject: 'Colours',
    html: `<style>p { color: rgb(1, 2, 3) } @media (prefers-color-scheme: dark) {
      body { background: rgb(10, 20, 30) } p { color: rgb(250, 250, 250) } }</style>
      <p>Words</p><img alt="dot" src="data:image/png;base64,${pixel}">`,
  })
  const words = frame(window).getByText('Words')
  const colour = () => words.evaluate((element) => getComputedStyle(element).color)
  const filter = (selector: string) =>
    frame(window)
      .locator(selector)
      .evaluate((element) => getComputedStyle(element).filter)
  await expect.poll(colour).toBe('rgb(1, 2, 3)')
  await window.getByRole('radio', { name: 'Dark, as styled by the sender' }).click()
  await expect.poll(colour).toBe('rgb(250, 250, 250)')
  expect(await filter('html')).toBe('none')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect.poll(() => filter('html')).toContain('invert(0.92)')
  expect(await filter('img')).toContain('invert(1)')
  expect(await colour()).toBe('rgb(1, 2, 3)')

  await window.getByRole('radio', { name: 'Phone, 390 pixels' }).click()
  await window.reload()
  const iframe = window.locator('iframe[title="Message as HTML"]')
  await expect.poll(async () => Math.round((await iframe.boundingBox())?.width ?? 0)).toBe(390)
  await expect.poll(() => filter('html')).toContain('invert')
  await window.getByRole('radio', { name: 'Full width' }).click()

  // A narrower pane scales the desktop layout down.
  await window.setViewportSize({ width: 1024, height: 700 })
  const widthInside = () =>
    frame(window)
      .locator('html')
      .evaluate(() => innerWidth)
  await expect.poll(widthInside).toBe(640)
  const pane = await message(window).boundingBox()
  const shown = await iframe.boundingBox()
  expect((shown?.x ?? 0) + (shown?.width ?? 0)).toBeLessThan((pane?.x ?? 0) + (pane?.width ?? 0))
  await expect(message(window).getByText(/^Scripts off · \d\d %$/)).toBeVisible()
  await window.setViewportSize({ width: 1440, height: 900 })
  await expect.poll(widthInside).toBeGreaterThan(640)
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
})

test('Blocked remote content is counted, and a trusted sender is remembered', async ({
  window,
  server,
}) => {
  let hits = 0
  const imageServer = createServer((_, response) => {
    hits += 1
    response.setHeader('content-type', 'image/png')
    response.end(Buffer.from(pixel, 'base64'))
  })
  await new Promise<void>((done) => imageServer.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(imageServer.address() as AddressInfo).port}`
  const html = `<p>Look</p><img src="http://${host}/a.png"><img src="http://${host}/b.png">`
  await openMail(window, server, { from: 'News <news@example.com>', subject: 'First', html })
  const bar = window.getByRole('region', { name: 'Remote content' })
  await expect(bar).toContainText('Remote content blocked')
  await expect(bar).toContainText(`2 from ${host}`)
  await expect(frame(window).getByText('Look')).toBeVisible()
  expect(hits).toBe(0)

  await bar.getByRole('button', { name: 'Remote content from this sender' }).click()
  await window.getByRole('menuitem', { name: 'Always load for news@example.com' }).click()
  await expect.poll(() => hits).toBe(2)
  // Preloading a trusted sender's page would report a message as read before it is opened.
  await deliver(server, { from: 'news@example.com', subject: 'Second', html })
  await deliver(server, { from: 'other@example.com', subject: 'Third', html })
  const pages = requestedPages(window)
  const prepared = window.waitForResponse(/\/view$/)
  await window.getByRole('link', { name: /Second/ }).hover()
  await prepared
  await window.getByRole('link', { name: /Third/ }).hover()
  await expect(preloadedFrame(window).contentFrame().locator('body')).toContainText('Look')
  expect(pages).toHaveLength(1)
  expect(hits).toBe(2)
  await window.getByRole('link', { name: /Second/ }).click()
  await expect(message(window).getByRole('heading', { name: 'Second' })).toBeVisible()
  await expect(bar).toContainText('Remote content loaded')
  await expect.poll(() => hits).toBeGreaterThan(2)
  await window.getByRole('link', { name: /Third/ }).click()
  await expect(message(window).getByRole('heading', { name: 'Third' })).toBeVisible()
  await expect(bar).toContainText('Remote content blocked')
  imageServer.close()
})

test('Search hits are highlighted in the HTML, and the view scrolls to the first one', async ({
  window,
  server,
}) => {
  test.slow()
  const filler = '<p>Nothing of the kind here.</p>'.repeat(80)
  await deliver(server, {
    subject: 'A long letter',
    html: `<title>Frost</title><style>body{font-family:sans-serif} @media (prefers-color-scheme: dark) { body { background: #101820; color: #e8eef2 } }</style>
      <div style="display:none">frost before it is seen</div>${filler}
      <p title="frost">The <i>fr</i>ost came early, a hard Frost.</p><a href="https://frost.example/">frost &amp; snow</a>
      <script>document.title = 'frost'</script>${filler}`,
  })
  const search = window.getByLabel('Search messages')
  await search.fill('"frost came" fros')
  await window.getByRole('link', { name: /A long letter/ }).click()
  const marks = frame(window).locator('mark')
  await expect(marks).toHaveText(['fros', 'fr', 'ost came', 'Fros', 'fros'])
  await expect(marks.nth(1)).toBeInViewport()
  await expect(frame(window).locator('a')).toHaveAttribute('href', 'https://frost.example/')
  await takeScreenshots(window, 'message-hits')
  await window.getByRole('radio', { name: 'Dark, as styled by the sender' }).click()
  const colours = () =>
    marks.nth(3).evaluate((mark) => {
      const { color, backgroundColor } = getComputedStyle(mark)
      return [color, backgroundColor]
    })
  await expect.poll(colours).toEqual(['rgb(43, 33, 0)', 'rgb(255, 226, 122)'])
  await expect(marks.nth(1)).toBeInViewport()
  await takeScreenshots(window, 'message-hits-dark')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect(marks).toHaveCount(5)
  await expect(marks.nth(1)).toBeInViewport()
  await takeScreenshots(window, 'message-hits-forced')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()

  await search.fill('snow')
  await expect(marks).toHaveText(['snow'])
  await search.fill('')
  await expect(frame(window).getByText('came early')).toBeAttached()
  await expect(marks).toHaveCount(0)
})

test('Only http, https, mailto and tel links can be clicked in a message', async ({
  window,
  server,
}) => {
  const dead = [
    'vbscript:msgbox(1)',
    'javascript:alert(1)',
    ' \u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'java&#10;script:alert(1)',
    'java&Tab;script&colon;alert(1)',
    '&#x6A&#x61vascript:alert(1)',
    `${'&#0000000000106;'.repeat(40)}:x`,
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    'ms-msdt:/id',
    'search-ms:query=x',
    'acme://sign-in/1',
  ]
  const live = ['https://example.com/', 'HTTP://example.com/', 'mailto:a@example.com', 'tel:+1555']
  const links = [
    ...[...dead, ...live].flatMap((href) => [
      `<a href="${href}">x</a>`,
      `<a HREF = '${href}'>x</a>`,
      `<svg><a xlink:href="${href}"><text>x</text></a></svg>`,
      `<map><area href="${href}"></map>`,
    ]),
    '<style><a title="</style><a href=javascript:alert(1)>x</a>',
    '<svg><a><animate attributeName="href" values="javascript:alert(1)" /></a></svg>',
    '<a href="vbscript:msgbox(1)">A dead link</a>',
  ]
  await openMail(window, server, { subject: 'Links', html: links.join('\n') })
  await expect(frame(window).getByText('A dead link')).toBeAttached()
  const targets = await frame(window)
    .locator('a, area')
    .evaluateAll((found) =>
      found.flatMap((link) => link.getAttribute('href') ?? link.getAttribute('xlink:href') ?? []),
    )
  const schemes = new Set(targets.map((target) => new URL(target, 'x-relative:').protocol))
  expect([...schemes].sort()).toEqual(['http:', 'https:', 'mailto:', 'tel:'])
  expect(targets).toHaveLength(4 * live.length)

  await message(window).getByRole('tab', { name: /Links/ }).click()
  const list = window.getByRole('list', { name: 'Links' })
  await expect(list.getByText('acme://sign-in/1')).toBeVisible()
  const clickable = await list
    .getByRole('link')
    .evaluateAll((found) => found.map((link) => new URL(link.getAttribute('href') ?? '').protocol))
  expect([...new Set(clickable)].sort()).toEqual(['http:', 'https:'])
})

test('A message that cannot be parsed shows the reason and offers its source', async ({
  window,
  server,
}) => {
  const problem = 'This message could not be read: reading it took too long and was stopped.'
  await window.route(/\/v1\/inbox\/msg_\w+$/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), problem } })
  })
  await openMail(window, server, { subject: 'Heavy', html: '<p>x</p>' })
  for (const name of [/HTML/, /Text/, /Structure/]) {
    await message(window).getByRole('tab', { name }).click()
    await expect(message(window).getByText(problem)).toBeVisible()
  }
  await message(window).getByRole('button', { name: 'Show source' }).click()
  await expect(message(window).getByText('Subject: Heavy')).toBeVisible()
})
