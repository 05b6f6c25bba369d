import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { call, deliver, emptyInbox, expect, test } from './fixtures.ts'
import { frame, message, openMail, tab } from './message-pane.ts'
import { mailAbout, pixel } from './sample-mails.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test.beforeEach(({ relay }) => emptyInbox(relay))

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
  await takeScreenshots(window, 'message-links')
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
  await expect(view.getByText('The author, as readers see it.')).toBeVisible()
  await expect(view.getByRole('list', { name: 'Authentication results' })).toContainText('SPF pass')
  await expect(view.getByRole('list', { name: 'Authentication results' })).toContainText(
    'DKIM fail',
  )
  await expect(view.getByRole('region', { name: 'Delivery route' })).toContainText('mx.example.com')
  await expect(view.getByRole('link', { name: 'https://example.com/out?u=1' })).toBeVisible()
  await takeScreenshots(window, 'message-headers')
  await expectAccessible(window, 'headers')

  await tab(window, /Structure/).click()
  const parts = view.getByRole('list', { name: 'MIME parts' })
  await expect(parts.getByRole('listitem')).toHaveCount(7)
  await parts.getByRole('button', { name: /Show part 1\.2, text\/plain/ }).click()
  await expect(parts.getByText('The second line')).toBeVisible()
  await takeScreenshots(window, 'message-structure')
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
  await takeScreenshots(window, 'message-attachments')
  await expectAccessible(window, 'attachments')

  await tab(window, /Delivery/).click()
  const envelope = view.getByRole('region', { name: 'SMTP envelope' })
  await expect(envelope.getByText('archive@example.com')).toBeVisible()
  await expect(envelope.getByText('Bcc', { exact: true })).toHaveCount(2)
  const transcript = view.getByRole('region', { name: 'SMTP transcript' })
  await expect(transcript).toContainText('MAIL FROM:<grace@navy.example>')
  await expect(view.getByRole('region', { name: 'Arrival' })).toContainText('Without a key')
  await takeScreenshots(window, 'message-delivery')
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
  await takeScreenshots(window, 'message-pdf')
  await expectAccessible(window, 'a PDF')
  await pages.focus()
  await window.keyboard.press('End')
  await expect.poll(() => inks(3)).toBeGreaterThan(20)
  await expect(page(1)).toHaveCount(0)

  await view.getByRole('button', { name: 'Preview secret.pdf' }).click()
  await expect(view.getByText('This PDF is protected with a password.')).toBeVisible()
  await view.getByRole('button', { name: 'Preview torn.pdf' }).click()
  await expect(view.getByText('This PDF is damaged and can’t be shown.')).toBeVisible()
  await expect(view.getByRole('button', { name: 'Download torn.pdf' })).toBeVisible()
  await takeScreenshots(window, 'message-pdf-refused')
  await expectAccessible(window, 'PDFs that cannot be shown')
  expect(asked.filter((url) => !url.startsWith(relay.url) && !url.startsWith('blob:'))).toEqual([])
  expect(asked.filter((url) => url.includes('pdf.worker'))).not.toEqual([])
  expect(complaints).toEqual([])
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
  await message(window).getByRole('button', { name: 'More tabs' }).click()
  await expect(window.getByRole('menuitem').first()).toBeVisible()
  await takeScreenshots(window, 'message-more')
  await window.keyboard.press('Escape')
  await expect(window.getByRole('menuitem')).toHaveCount(0)
  await expectAccessible(window, 'small window')
})

test('looks', async ({ window, relay }) => {
  test.slow()
  await openMail(window, relay, mailAbout('sign-in code'))
  await expect(message(window).getByRole('region', { name: 'Code and link' })).toBeVisible()
  await takeScreenshots(window, 'message-code')
  await openMail(window, relay, mailAbout('Kale, leeks'))
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await takeScreenshots(window, 'message-html')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await takeScreenshots(window, 'message-forced')
  await expectAccessible(window, 'html')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
  await tab(window, /Source/).click()
  await window.getByLabel('Search in the source').fill('content')
  await takeScreenshots(window, 'message-source')
  await expectAccessible(window, 'source')
})
