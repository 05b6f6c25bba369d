import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { startSink } from '../smtp-sink.ts'
import { expectAccessible, shootLooks } from './looks.ts'
import { workingDay } from './mails.ts'
import { call, deliver, emptyInbox, expect, type Relay, removeRelays, test } from './person.ts'

test.beforeEach(({ relay }) => emptyInbox(relay))

const message = (window: Page) => window.getByRole('article', { name: 'Message' })
const tab = (window: Page, name: RegExp) => message(window).getByRole('tab', { name })
const frame = (window: Page) => window.frameLocator('iframe[title="Message as HTML"]')

async function openMail(window: Page, relay: Relay, mail: Parameters<typeof deliver>[1]) {
  await deliver(relay, mail)
  await window.getByRole('link', { name: new RegExp(String(mail.subject)) }).click()
  await expect(message(window).getByRole('heading', { name: String(mail.subject) })).toBeVisible()
}

/** Of the working day, by a word of its subject. */
function mailAbout(word: string) {
  const found = workingDay.find(({ subject }) => String(subject).includes(word))
  if (!found) throw new Error(`No mail about ${word}`)
  return found
}

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('the HTML is shown by light, as written for dark, and turned dark', async ({
  window,
  relay,
}) => {
  await openMail(window, relay, {
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
  await window.getByRole('radio', { name: 'Dark, as its author wrote it' }).click()
  await expect.poll(colour).toBe('rgb(250, 250, 250)')
  expect(await filter('html')).toBe('none')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect.poll(() => filter('html')).toContain('invert(0.92)')
  expect(await filter('img')).toContain('invert(1)')
  expect(await colour()).toBe('rgb(1, 2, 3)')

  await window.getByRole('radio', { name: 'Phone, 390 pixels' }).click()
  await window.reload()
  const iframe = window.locator('iframe[title="Message as HTML"]')
  await expect.poll(async () => Math.round((await iframe.boundingBox())?.width ?? 0)).toBe(388)
  await expect.poll(() => filter('html')).toContain('invert')
  await window.getByRole('radio', { name: 'Full width' }).click()
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
})

test('what is blocked is counted, and a sender can be trusted for good', async ({
  window,
  relay,
}) => {
  let hits = 0
  const server = createServer((_, response) => {
    hits += 1
    response.setHeader('content-type', 'image/png')
    response.end(Buffer.from(pixel, 'base64'))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const html = `<p>Look</p><img src="http://${host}/a.png"><img src="http://${host}/b.png">`
  await openMail(window, relay, { from: 'News <news@example.com>', subject: 'First', html })
  const bar = window.getByRole('region', { name: 'Remote content' })
  await expect(bar).toContainText('Remote content blocked')
  await expect(bar).toContainText(`2 from ${host}`)
  await expect(frame(window).getByText('Look')).toBeVisible()
  expect(hits).toBe(0)

  await bar.getByRole('button', { name: 'Remote content of this sender' }).click()
  await window.getByRole('menuitem', { name: 'Always load for news@example.com' }).click()
  await expect.poll(() => hits).toBe(2)
  await openMail(window, relay, { from: 'news@example.com', subject: 'Second', html })
  await expect(bar).toContainText('Remote content loaded')
  await expect.poll(() => hits).toBeGreaterThan(2)
  await openMail(window, relay, { from: 'other@example.com', subject: 'Third', html })
  await expect(bar).toContainText('Remote content blocked')
  server.close()
})

test('what a search found is marked in the HTML, and the first of it is shown', async ({
  window,
  relay,
}) => {
  test.slow()
  const filler = '<p>Nothing of the kind here.</p>'.repeat(80)
  await deliver(relay, {
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
  await shootLooks(window, 'message-hits')
  await window.getByRole('radio', { name: 'Dark, as its author wrote it' }).click()
  const colours = () =>
    marks.nth(3).evaluate((mark) => {
      const { color, backgroundColor } = getComputedStyle(mark)
      return [color, backgroundColor]
    })
  await expect.poll(colours).toEqual(['rgb(43, 33, 0)', 'rgb(255, 226, 122)'])
  await expect(marks.nth(1)).toBeInViewport()
  await shootLooks(window, 'message-hits-dark')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect(marks).toHaveCount(5)
  await expect(marks.nth(1)).toBeInViewport()
  await shootLooks(window, 'message-hits-forced')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()

  await search.fill('snow')
  await expect(marks).toHaveText(['snow'])
  await search.fill('')
  await expect(frame(window).getByText('came early')).toBeAttached()
  await expect(marks).toHaveCount(0)
})

test('codes and links are at hand, and every link is judged', async ({
  window,
  relay,
  context,
}) => {
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openMail(window, relay, {
    subject: 'Confirm your address',
    text: 'Your code is 482 913. See https://shop.example.com/help.',
    html: `<p>Your code is 482 913.</p>
      <a href="https://shop.example.com/verify?t=1&utm_source=mail">Verify my address</a>
      <a href="http://evil.example.net/login">www.bank.example</a>
      <a href="https://shop.example.com/verify?t=1&utm_source=footer">Verify here</a>`,
  })
  const strip = message(window).getByRole('region', { name: 'Code and link' })
  await expect(strip).toContainText('482913')
  await expect(strip.getByRole('link', { name: 'Verify my address' })).toBeVisible()
  await window.keyboard.press('c')
  await expect(window.getByText('Code 482913 copied')).toBeVisible()
  expect(await window.evaluate(() => navigator.clipboard.readText())).toBe('482913')
  // Nobody is there on the internet of this test.
  await context.route('https://shop.example.com/**', (route) => route.fulfill({ body: 'verified' }))
  const popup = window.waitForEvent('popup')
  await window.keyboard.press('l')
  await (await popup).waitForURL(/shop\.example\.com\/verify/)
  await (await popup).close()

  await window.keyboard.press('2')
  await window.getByLabel('Search messages').fill('help')
  await expect(message(window).locator('mark')).toHaveCount(0)
  await window.getByLabel('Search messages').fill('code')
  await expect(message(window).locator('mark')).toHaveText('code')
  await window.keyboard.press('Escape')
  const link = message(window).getByRole('link', { name: 'https://shop.example.com/help' })
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer')

  await tab(window, /Links/).click()
  const links = message(window).getByRole('list', { name: 'Links' })
  await expect(links.getByText('utm_source').first()).toBeVisible()
  await expect(
    links.getByText('The words say www.bank.example, the link leads to evil.example.net.'),
  ).toBeVisible()
  await expect(links.getByText('Not encrypted:')).toBeVisible()
  await expect(links.getByText('The same page as link 1, but for tracking.')).toBeVisible()
  await shootLooks(window, 'message-links')
  await expectAccessible(window, 'links')
})

test('headers, structure, attachments and the way it came', async ({ window, relay }) => {
  test.slow()
  await openMail(window, relay, {
    ...mailAbout('Contract and figures'),
    headers: {
      Received:
        'from app.example.com (10.0.0.7) by mx.example.com with ESMTPS id 7; Sat, 21 Nov 2026 10:00:00 +0000',
      'List-Unsubscribe': '<https://example.com/out?u=1>, <mailto:out@example.com>',
      'Authentication-Results':
        'mx.example.com; spf=pass smtp.mailfrom=navy.example; dkim=fail (bad) header.d=navy.example',
    },
    attachments: [
      { filename: 'notes.txt', content: 'The first line\nThe second line' },
      { filename: 'dot.png', content: Buffer.from(pixel, 'base64') },
      { filename: 'terms.pdf', content: Buffer.from('%PDF-1.4 not really') },
    ],
  })
  await tab(window, /Headers/).click()
  const view = message(window)
  await expect(view.getByText('Who wrote the message, as readers see it.')).toBeVisible()
  await expect(view.getByRole('list', { name: 'Checks' })).toContainText('SPF pass')
  await expect(view.getByRole('list', { name: 'Checks' })).toContainText('DKIM fail')
  await expect(view.getByRole('region', { name: 'Received chain' })).toContainText('mx.example.com')
  await expect(view.getByRole('link', { name: 'https://example.com/out?u=1' })).toBeVisible()
  await shootLooks(window, 'message-headers')
  await expectAccessible(window, 'headers')

  await tab(window, /Structure/).click()
  const parts = view.getByRole('list', { name: 'MIME parts' })
  await expect(parts.getByRole('listitem')).toHaveCount(7)
  await parts.getByRole('button', { name: /Show part 1\.2, text\/plain/ }).click()
  await expect(parts.getByText('The second line')).toBeVisible()
  await shootLooks(window, 'message-structure')
  await expectAccessible(window, 'structure')
  const download = window.waitForEvent('download')
  await parts.getByRole('button', { name: 'Download part 1.4', exact: true }).click()
  expect((await download).suggestedFilename()).toBe('terms.pdf')

  await tab(window, /Attachments 3/).click()
  await view.getByRole('button', { name: 'Preview notes.txt' }).click()
  await expect(view.getByText('The second line')).toBeVisible()
  await view.getByRole('button', { name: 'Preview dot.png' }).click()
  const image = view.getByRole('img', { name: 'dot.png' })
  await expect
    .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBe(1)
  await shootLooks(window, 'message-attachments')
  await expectAccessible(window, 'attachments')

  await tab(window, /Delivery/).click()
  const envelope = view.getByRole('region', { name: 'SMTP envelope' })
  await expect(envelope.getByText('archive@example.com')).toBeVisible()
  await expect(envelope.getByText('Bcc', { exact: true })).toHaveCount(2)
  const transcript = view.getByRole('region', { name: 'SMTP transcript' })
  await expect(transcript).toContainText('MAIL FROM:<grace@navy.example>')
  await expect(view.getByRole('region', { name: 'Arrival' })).toContainText('Without a key')
  await shootLooks(window, 'message-delivery')
  await expectAccessible(window, 'delivery')
})

test('a PDF is looked at page by page, with nothing from elsewhere', async ({ window, relay }) => {
  test.slow()
  const file = (name: string) => readFile(new URL(`../fixtures/pdf/${name}`, import.meta.url))
  const asked: string[] = []
  const complaints: string[] = []
  window.on('request', (request) => asked.push(request.url()))
  window.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  await openMail(window, relay, {
    subject: 'Three papers',
    text: 'As a PDF.',
    attachments: [
      { filename: 'notes.pdf', content: await file('three-pages.pdf') },
      { filename: 'secret.pdf', content: await file('encrypted.pdf') },
      { filename: 'torn.pdf', content: Buffer.from('%PDF-1.4 not really') },
    ],
  })
  await tab(window, /Attachments 3/).click()
  const view = message(window)
  expect(asked.filter((url) => url.includes('pdf.worker'))).toEqual([])
  await view.getByRole('button', { name: 'Preview notes.pdf' }).click()
  const pages = view.getByRole('group', { name: 'Pages of notes.pdf' })
  const page = (number: number) => pages.getByRole('img', { name: `Page ${number} of 3` })
  const inks = (number: number) =>
    page(number).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      }
      return new Set(Array.from(data).filter((_, index) => index % 4 === 1)).size
    })
  await expect.poll(() => inks(1)).toBeGreaterThan(20)
  await expect(view.getByText('3 pages')).toBeVisible()
  await expect(page(3)).toHaveCount(0)
  await shootLooks(window, 'message-pdf')
  await expectAccessible(window, 'a PDF')
  await pages.focus()
  await window.keyboard.press('End')
  await expect.poll(() => inks(3)).toBeGreaterThan(20)
  await expect(page(1)).toHaveCount(0)

  await view.getByRole('button', { name: 'Preview secret.pdf' }).click()
  await expect(view.getByText('This PDF is encrypted with a password.')).toBeVisible()
  await view.getByRole('button', { name: 'Preview torn.pdf' }).click()
  await expect(view.getByText('This PDF is damaged and cannot be shown.')).toBeVisible()
  await expect(view.getByRole('button', { name: 'Download torn.pdf' })).toBeVisible()
  await shootLooks(window, 'message-pdf-refused')
  await expectAccessible(window, 'PDFs that cannot be shown')
  expect(asked.filter((url) => !url.startsWith(relay.url) && !url.startsWith('blob:'))).toEqual([])
  expect(asked.filter((url) => url.includes('pdf.worker'))).not.toEqual([])
  expect(complaints).toEqual([])
})

test('a message dragged out of the list is a file to the browser', async ({ window, relay }) => {
  await deliver(relay, { subject: 'Take me along', text: 'Gladly.' })
  const row = window.getByRole('link', { name: /Take me along/ })
  await window.evaluate(() =>
    addEventListener('dragstart', ({ dataTransfer }) => {
      document.body.dataset.dragged = dataTransfer?.getData('DownloadURL')
    }),
  )
  let address = ''
  // As somebody does who pressed and moved on before the relay had answered.
  await expect(async () => {
    await row.hover()
    const ready = window.waitForResponse((response) => response.url().endsWith('/download'), {
      timeout: 5000,
    })
    await window.mouse.down()
    await (await ready).finished()
    await window.mouse.move(300, 400, { steps: 8 })
    await window.mouse.up()
    const dragged = await window.evaluate(() => document.body.dataset.dragged ?? '')
    const found = /^message\/rfc822:(msg_\w+)\.eml:(.+)$/.exec(dragged)
    expect(found?.[2]).toContain(`${relay.url}/view/${found?.[1]}`)
    address = found?.[2] ?? ''
  }).toPass()
  const file = await (await fetch(address)).text()
  expect(file).toContain('Subject: Take me along')
})

test('a message that came over HTTP names the key and the request', async ({ window, relay }) => {
  const { answer } = await call(relay, 'POST', '/v1/api-keys', { name: 'Shop', mode: 'test' })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'By HTTP', text: 'x' }
  const sent = await call(relay, 'POST', '/v1/send', mail, answer.key)
  await window.goto(`${relay.url}#/inbox/${sent.answer.id}`)
  await tab(window, /Delivery/).click()
  const arrival = message(window).getByRole('region', { name: 'Arrival' })
  await expect(arrival).toContainText('POST /v1/send 202')
  await expect(arrival.getByRole('link', { name: 'Shop' })).toBeVisible()
})

test('the source is searched, and 5 MB of it open at once', async ({ window, relay }) => {
  const lines = Array.from(
    { length: 60_000 },
    (_, n) => `Line ${n} of a very long story indeed, told slowly.`,
  )
  await openMail(window, relay, {
    subject: 'Long story',
    text: `${lines.join('\n')}\nthe needle\n`,
    attachments: [{ filename: 'big.bin', content: Buffer.alloc(10_000_000, 'x') }],
  })
  await expect(message(window).getByText('Line 3 of', { exact: false }).first()).toBeVisible()
  expect(await message(window).locator('*').count()).toBeLessThan(400)
  const started = Date.now()
  await tab(window, /Source/).click()
  await expect(message(window).getByText('MIME-Version:')).toBeVisible()
  console.log(`18 MB of source shown after ${Date.now() - started} ms`)
  expect(await message(window).locator('*').count()).toBeLessThan(600)

  await window.keyboard.press('Control+f')
  await window.keyboard.type('the needle')
  await expect(message(window).getByRole('status').filter({ hasText: '1 of 1' })).toBeVisible()
  await expect(message(window).locator('mark')).toHaveText('the needle')
  await window.keyboard.press('Escape')
  await expect(message(window).locator('mark')).toHaveCount(0)
})

test('a message is released to edited recipients by a real relay', async ({ window, relay }) => {
  test.slow()
  await removeRelays(relay)
  await openMail(window, relay, { ...mailAbout('Kale, leeks'), subject: 'Kale to send on' })
  await window.getByRole('button', { name: 'Release…' }).click()
  const dialog = window.getByRole('dialog', { name: 'Release to real recipients' })
  await expect(dialog.getByText('There is no relay yet')).toBeVisible()
  await expectAccessible(window, 'release without a relay')
  await window.keyboard.press('Escape')

  const sink = await startSink()
  await call(relay, 'POST', '/v1/relays', {
    name: 'Postal',
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
  })
  await window.keyboard.press('r')
  await expect(
    dialog.getByText('A real person will get this message, through Postal.'),
  ).toBeVisible()
  await expect(dialog.getByText('The From line of the message stays as it is.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove recipient ada@example.com' }).click()
  await dialog.getByLabel('Recipients').fill('grace')
  await window.keyboard.press('Enter')
  await expect(dialog.getByText('“grace” is no email address.')).toBeVisible()
  await window.keyboard.press('Backspace')
  await dialog.getByLabel('Recipients').fill('grace@example.com')
  await window.keyboard.press('Enter')
  await window.keyboard.type('linus@example.com,')
  await shootLooks(window, 'message-release')
  await expectAccessible(window, 'release')
  await dialog.getByRole('button', { name: 'Release to 2 recipients' }).click()
  await sink.received(1)
  expect(sink.messages[0]).toMatchObject({
    mailFrom: 'letters@fieldnotes.example',
    rcptTo: ['grace@example.com', 'linus@example.com'],
  })
  await window.getByRole('button', { name: 'Show in Outbox' }).click()
  await expect(window).toHaveURL(/#\/outbox\/msg_/)
  await sink.close()
  await removeRelays(relay)
})

test('a message becomes a picture, a curl command and a fixture', async ({
  window,
  relay,
  context,
}) => {
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openMail(window, relay, mailAbout('Kale, leeks'))
  await expect(frame(window).getByRole('img', { name: 'The Field Notes' })).toBeVisible()
  const download = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Save screenshot' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^msg_\w+\.png$/)
  const size = await pictureSize(window, await file.path())
  expect(size.width).toBe(2048)
  expect(size.height).toBeGreaterThan(800)
  expect(size.colours).toBeGreaterThan(20)

  await window.getByRole('button', { name: 'Copy as' }).click()
  await window.getByRole('menuitem', { name: 'Copy as curl' }).click()
  await expect(window.getByText('The curl command is copied')).toBeVisible()
  const curl = await window.evaluate(() => navigator.clipboard.readText())
  expect(curl).toContain(`curl ${relay.url}/v1/send`)
  await window.getByRole('button', { name: 'Copy as' }).click()
  await window.getByRole('menuitem', { name: 'Copy as test fixture' }).click()
  await expect(window.getByText('The fixture is copied')).toBeVisible()
  const fixture = JSON.parse(await window.evaluate(() => navigator.clipboard.readText()))
  expect(fixture).toMatchObject({ from: 'The Field Notes <letters@fieldnotes.example>' })
  // What is copied is what the API takes.
  const { answer } = await call(relay, 'POST', '/v1/api-keys', { name: 'Again', mode: 'test' })
  expect((await call(relay, 'POST', '/v1/send', fixture, answer.key)).status).toBe(202)
})

/** As the browser reads it back. */
async function pictureSize(window: Page, path: string) {
  const { readFile } = await import('node:fs/promises')
  const bytes = (await readFile(path)).toString('base64')
  return window.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    const { data: pixels = [] } = context?.getImageData(0, 0, image.width, image.height) ?? {}
    const colours = new Set<number>()
    for (let at = 0; at < pixels.length; at += 4 * 97) {
      colours.add((pixels[at] ?? 0) * 65_536 + (pixels[at + 1] ?? 0) * 256 + (pixels[at + 2] ?? 0))
    }
    return { width: image.width, height: image.height, colours: colours.size }
  }, bytes)
}

test('every part is reached by the keyboard, and no tab falls off a small window', async ({
  window,
  relay,
}) => {
  test.slow()
  await window.setViewportSize({ width: 1024, height: 700 })
  await deliver(relay, { subject: 'By keys', html: '<p>Hello</p>' })
  await expect(window.getByRole('link', { name: /By keys/ })).toBeVisible()
  await window.keyboard.press('j')
  await window.keyboard.press('Enter')
  await expect(frame(window).getByText('Hello')).toBeVisible()
  const names = [
    /HTML/,
    /Text/,
    /Source/,
    /Headers/,
    /Attachments/,
    /Links/,
    /Structure/,
    /Delivery/,
  ]
  for (const [index, name] of names.entries()) {
    await window.keyboard.press(String(index + 1))
    const open = tab(window, name)
    await expect(open).toHaveAttribute('aria-selected', 'true')
    const [box, pane] = [await open.boundingBox(), await message(window).boundingBox()]
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan((pane?.x ?? 0) + (pane?.width ?? 0))
  }
  await message(window).getByRole('button', { name: 'More parts' }).click()
  await expect(window.getByRole('menuitem').first()).toBeVisible()
  await shootLooks(window, 'message-more')
  await window.keyboard.press('Escape')
  await expectAccessible(window, 'small window')
})

test('looks', async ({ window, relay }) => {
  test.slow()
  await openMail(window, relay, mailAbout('sign-in code'))
  await expect(message(window).getByRole('region', { name: 'Code and link' })).toBeVisible()
  await shootLooks(window, 'message-code')
  await openMail(window, relay, mailAbout('Kale, leeks'))
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await shootLooks(window, 'message-html')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await shootLooks(window, 'message-forced')
  await expectAccessible(window, 'html')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
  await tab(window, /Source/).click()
  await window.getByLabel('Search in the source').fill('content')
  await shootLooks(window, 'message-source')
  await expectAccessible(window, 'source')
})
