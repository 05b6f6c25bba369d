import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { call, deliver, emptyInbox, expect, test } from './fixtures.ts'
import { frame, message, openMail, tab } from './message-pane.ts'
import { mailAbout, pixel } from './sample-mails.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test.beforeEach(({ server }) => emptyInbox(server))

test('One-time codes and links can be copied and opened, and suspicious links have warnings', async ({
  window,
  server,
  context,
}) => {
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openMail(window, server, {
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
  // The test has no internet access.
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
    links.getByText('The text shows www.bank.example, but the link opens evil.example.net.'),
  ).toBeVisible()
  await expect(links.getByText('Uses http:')).toBeVisible()
  await expect(
    links.getByText('Same page as link 1, except for tracking parameters.'),
  ).toBeVisible()
  await takeScreenshots(window, 'message-links')
  await expectAccessible(window, 'links')
})

test('An attached message opens in place, with its header, its text and its files', async ({
  window,
  server,
}) => {
  const inner = [
    'From: Ann Frost <ann@example.com>',
    'To: team@example.com',
    'Subject: The first message',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'These are the words of Ann.',
    '--b',
    'Content-Type: application/pdf; name=plan.pdf',
    '',
    '%PDF',
    '--b--',
  ].join('\r\n')
  await openMail(window, server, {
    subject: 'Fwd: The first message',
    text: 'See below.',
    attachments: [{ contentType: 'message/rfc822', content: inner }],
  })
  await tab(window, /Attachments/).click()
  await message(window)
    .getByRole('button', { name: /^Open / })
    .click()
  const opened = message(window).getByRole('region', {
    name: 'Attached message: The first message',
  })
  await expect(opened).toContainText('Ann Frost <ann@example.com>')
  await expect(opened).toContainText('These are the words of Ann.')
  await expect(opened).toContainText('plan.pdf (4 B)')
  await takeScreenshots(window, 'attached-message')
  await expectAccessible(window, 'an attached message')
})

test('The tabs show the headers, structure, attachments and delivery of a message', async ({
  window,
  server,
}) => {
  test.slow()
  await openMail(window, server, {
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
  await expect(view.getByRole('region', { name: 'Received via' })).toContainText('No key')
  await takeScreenshots(window, 'message-delivery')
  await expectAccessible(window, 'delivery')
})

test('A PDF preview renders page by page and contacts no other host', async ({
  window,
  server,
}) => {
  test.slow()
  const file = (name: string) => readFile(new URL(`../fixtures/pdf/${name}`, import.meta.url))
  const asked: string[] = []
  const consoleErrors: string[] = []
  window.on('request', (request) => asked.push(request.url()))
  window.on('console', (line) => line.type() === 'error' && consoleErrors.push(line.text()))
  await openMail(window, server, {
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
  expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:'))).toEqual([])
  expect(asked.filter((url) => url.includes('pdf.worker'))).not.toEqual([])
  expect(consoleErrors).toEqual([])
})

test('The delivery tab of a message sent over HTTP shows its key and request', async ({
  window,
  server,
}) => {
  const { answer } = await call(server, 'POST', '/v1/api-keys', { name: 'Shop', mode: 'test' })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'By HTTP', text: 'x' }
  const sent = await call(server, 'POST', '/v1/send', mail, answer.key)
  await window.goto(`${server.url}#/inbox/${sent.answer.id}`)
  await tab(window, /Delivery/).click()
  const receivedVia = message(window).getByRole('region', { name: 'Received via' })
  await expect(receivedVia).toContainText('POST /v1/send 202')
  await expect(receivedVia.getByRole('link', { name: 'Shop' })).toBeVisible()
})

test('The source of an 18 MB message opens at once and can be searched', async ({
  window,
  server,
}) => {
  const lines = Array.from(
    { length: 60_000 },
    (_, n) => `Line ${n} of a very long story indeed, told slowly.`,
  )
  await openMail(window, server, {
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

test('The keyboard reaches every tab, and the open tab is visible in a small window', async ({
  window,
  server,
}) => {
  test.slow()
  await window.setViewportSize({ width: 1024, height: 700 })
  await deliver(server, { subject: 'By keys', html: '<p>Hello</p>' })
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

test('The HTML and source views are accessible in both themes', async ({ window, server }) => {
  test.slow()
  await openMail(window, server, mailAbout('sign-in code'))
  await expect(message(window).getByRole('region', { name: 'Code and link' })).toBeVisible()
  await takeScreenshots(window, 'message-code')
  await openMail(window, server, mailAbout('Kale, leeks'))
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await takeScreenshots(window, 'message-html')
  await window.getByRole('radio', { name: 'Dark, forced' }).click()
  await expect(frame(window).getByRole('img').first()).toBeVisible()
  await takeScreenshots(window, 'message-forced')
  await expectAccessible(window, 'html')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
  await tab(window, /Source/).click()
  await window.getByLabel('Search in source').fill('content')
  await takeScreenshots(window, 'message-source')
  await expectAccessible(window, 'source')
})
