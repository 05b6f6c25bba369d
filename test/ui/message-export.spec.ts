import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { startSink } from '../smtp-sink.ts'
import { call, deliver, emptyInbox, expect, removeRelays, test } from './fixtures.ts'
import { frame, openMail } from './message-pane.ts'
import { mailAbout } from './sample-mails.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

test.beforeEach(({ server }) => emptyInbox(server))

test('Dragging a message out of the list gives the browser a file', async ({ window, server }) => {
  await deliver(server, { subject: 'Take me along', text: 'Gladly.' })
  const row = window.getByRole('link', { name: /Take me along/ })
  await window.evaluate(() =>
    addEventListener('dragstart', ({ dataTransfer }) => {
      document.body.dataset.dragged = dataTransfer?.getData('DownloadURL')
    }),
  )
  let address = ''
  // Repeats, because a drag that starts before the response has no URL.
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
    expect(found?.[2]).toContain(`${server.url}/view/${found?.[1]}`)
    address = found?.[2] ?? ''
  }).toPass()
  const file = await (await fetch(address)).text()
  expect(file).toContain('Subject: Take me along')
})

test('A message is released to edited recipients through a real relay', async ({
  window,
  server,
}) => {
  test.slow()
  await removeRelays(server)
  await openMail(window, server, { ...mailAbout('Kale, leeks'), subject: 'Kale to send on' })
  await window.getByRole('button', { name: 'Release…' }).click()
  const dialog = window.getByRole('dialog', { name: 'Release to real recipients' })
  await expect(dialog.getByText('No relay is configured.')).toBeVisible()
  await expect(dialog.getByRole('link', { name: 'Add a relay' })).toHaveAttribute(
    'href',
    '#/relays',
  )
  await expectAccessible(window, 'release without a relay')
  await window.keyboard.press('Escape')

  const sink = await startSink()
  await call(server, 'POST', '/v1/relays', {
    name: 'Postal',
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
  })
  await window.keyboard.press('r')
  await expect(
    dialog.getByText('1 real recipient will receive this message through Postal.'),
  ).toBeVisible()
  await expect(dialog.getByText('The From header does not change.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove recipient ada@example.com' }).click()
  await dialog.getByLabel('Recipients').fill('grace')
  await window.keyboard.press('Enter')
  await expect(dialog.getByText('“grace” is not a valid email address.')).toBeVisible()
  await window.keyboard.press('Backspace')
  await dialog.getByLabel('Recipients').fill('grace@example.com')
  await window.keyboard.press('Enter')
  await window.keyboard.type('linus@example.com,')
  await takeScreenshots(window, 'message-release')
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
  await removeRelays(server)
})

test('A message can be saved as a screenshot and copied as a curl command or a test fixture', async ({
  window,
  server,
  context,
}) => {
  test.slow()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openMail(window, server, mailAbout('Kale, leeks'))
  await expect(frame(window).getByRole('img', { name: 'The Field Notes' })).toBeVisible()
  const download = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Save screenshot' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^msg_\w+\.png$/)
  const size = await measurePng(window, await file.path())
  expect(size.width).toBe(2048)
  expect(size.height).toBeGreaterThan(800)
  expect(size.colours).toBeGreaterThan(20)

  await window.getByRole('button', { name: 'Copy as' }).click()
  await window.getByRole('menuitem', { name: 'Copy as curl' }).click()
  await expect(window.getByText('curl command copied')).toBeVisible()
  const curl = await window.evaluate(() => navigator.clipboard.readText())
  expect(curl).toContain(`curl ${server.url}/v1/send`)
  await window.getByRole('button', { name: 'Copy as' }).click()
  await window.getByRole('menuitem', { name: 'Copy as test fixture' }).click()
  await expect(window.getByText('Test fixture copied')).toBeVisible()
  const fixture = JSON.parse(await window.evaluate(() => navigator.clipboard.readText()))
  expect(fixture).toMatchObject({ from: 'The Field Notes <letters@fieldnotes.example>' })
  // The API accepts the copied fixture.
  const { answer } = await call(server, 'POST', '/v1/api-keys', { name: 'Again', mode: 'test' })
  expect((await call(server, 'POST', '/v1/send', fixture, answer.key)).status).toBe(202)
})

/** Width, height and number of colours of a PNG. */
async function measurePng(window: Page, path: string) {
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
