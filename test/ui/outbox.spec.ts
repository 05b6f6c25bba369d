import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, removeRelays, test, visit } from './fixtures.ts'
import { prepareLiveMail, tomorrow } from './live-mail.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const outbox = prepareLiveMail()

test('The outbox shows the status of each recipient and the relay’s replies, and retries', async ({
  window,
  server,
}) => {
  test.slow()
  await removeRelays(server)
  await visit(window, 'Outbox')
  await expect(window.getByText('No messages sent yet')).toBeVisible()
  await expect(window.getByText('No relay is configured')).toBeVisible()
  await window.getByRole('link', { name: 'Add a relay' }).click()
  await expect(window).toHaveURL(/#\/relays/)
  await visit(window, 'Outbox')

  await outbox.addSink(server)
  await expect(window.getByText('No relay is configured')).toBeHidden()
  const list = window.getByRole('list', { name: 'Messages' })
  await outbox.send(server, 'Receipt for order #10482', 'Ada Lovelace <ada@example.com>')
  await expect(list.getByRole('link', { name: /Delivered.*Ada Lovelace.*Receipt/ })).toBeVisible()
  await outbox.send(server, 'تم تأكيد طلبك رقم ٤٢', 'متجر <mint@example.com>')
  await outbox.send(server, 'Your invitation to the winter fair', 'gone@example.com')
  await outbox.send(server, 'Half price until Sunday', ['spam@example.com'], { tags: ['promo'] })
  const mixed = await outbox.send(
    server,
    'Password changed on your account, and what to do if it was not you',
    ['Grace Hopper <grace@example.com>', 'gone@example.com', 'busy@example.com'],
    { tags: ['account', 'security'], metadata: { user: 42, trigger: 'settings' } },
  )
  await outbox.send(server, 'See you at the fair', 'ada@example.com', { scheduled_at: tomorrow() })
  await expect(list.getByRole('link', { name: /Scheduled.*See you/ })).toBeVisible()
  await expect(list.getByRole('link', { name: /Deferred.*Grace Hopper/ })).toBeVisible()
  const figures = window.getByLabel('Queue, in recipients')
  await expect(figures).toContainText(/Deferred\s*1\s*oldest under 1 min/)

  await list.getByRole('link', { name: /Grace Hopper/ }).click()
  await expect(window).toHaveURL(new RegExp(`#/outbox/${mixed}`))
  const message = window.getByRole('article', { name: 'Sent message' })
  const recipients = message.getByRole('region', { name: 'Recipients' }).getByRole('listitem')
  await expect(recipients).toHaveCount(3)
  await expect(recipients.filter({ hasText: 'busy@example.com' })).toContainText(
    /Deferred.*in \d+ s/,
  )
  await expect(recipients.filter({ hasText: 'gone@example.com' })).toContainText('Bounced')
  const timeline = message.getByRole('list', { name: 'Timeline' })
  await expect(timeline).toContainText('Accepted over HTTP')
  await expect(timeline).toContainText('452 4.2.2 Mailbox is over its quota')
  await expect(timeline).toContainText('The mailbox is full.')
  await expect(timeline).toContainText('There is no mailbox with this address.')
  await expect(timeline).toContainText(/via Local sink · \d+ ms/)
  await expect(timeline).toContainText(/Next attempt.*for busy@example.com/)
  await takeScreenshots(window, 'outbox-timeline')
  await expectAccessible(window, 'outbox with a message')

  outbox.sink.rules.recipient = () => null
  await message.getByRole('button', { name: 'Retry now' }).click()
  await expect(timeline).toContainText('Retried manually')
  await expect(recipients.filter({ hasText: 'busy@example.com' })).toContainText('Delivered')
  await expect(message.getByRole('button', { name: 'Retry now' })).toBeHidden()
  const got = outbox.sink.messages.flatMap(({ rcptTo }) => rcptTo)
  expect(got.filter((address) => address === 'grace@example.com')).toHaveLength(1)
  expect(got.filter((address) => address === 'busy@example.com')).toHaveLength(1)

  await message.getByRole('tab', { name: 'Headers' }).click()
  await expect(message.getByRole('rowheader', { name: 'Subject' })).toBeVisible()
  await message.getByRole('tab', { name: 'Source' }).click()
  await expect(message.getByRole('group', { name: 'Source' })).toContainText('Thank you.')
  await message.getByRole('tab', { name: 'Details' }).click()
  await expect(message.getByText('security', { exact: true })).toBeVisible()
  await expect(message).toContainText('"trigger": "settings"')
  const download = window.waitForEvent('download')
  await message.getByRole('button', { name: 'Download .eml' }).click()
  expect((await download).suggestedFilename()).toBe(`${mixed}.eml`)
  await message.getByRole('tab', { name: 'Delivery' }).click()
})

test('A live message is shown as its recipients see it, without loading remote content', async ({
  window,
  server,
}) => {
  test.slow()
  let hits = 0
  const imageServer = createServer((_, response) => {
    hits += 1
    response.end()
  })
  await new Promise<void>((done) => imageServer.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(imageServer.address() as AddressInfo).port}`
  await outbox.addSink(server)
  const banner = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="560" height="90"><rect width="560" height="90" fill="#2f6b4d"/></svg>',
  )
  await outbox.send(server, 'Your order is on its way', 'ada@example.com', {
    html: `<style>@media (prefers-color-scheme: dark) { h1 { color: rgb(250, 250, 250) } }</style>
      <div style="max-width:560px;margin:24px auto;font-family:Georgia,serif"><img src="cid:banner@shop" alt="Winter shop">
      <h1>It left us this morning</h1><p>Two seed boxes and a dibber with an ash handle.</p></div>
      <img src="http://${host}/open.gif" alt="">`,
    attachments: [
      {
        filename: 'banner.svg',
        content: banner.toString('base64'),
        content_type: 'image/svg+xml',
        content_id: 'banner@shop',
      },
      { filename: 'order.csv', content: Buffer.from('item,count\nSeed box,2').toString('base64') },
    ],
  })
  await visit(window, 'Outbox')
  await window.getByRole('link', { name: /Your order is on its way/ }).click()
  const message = window.getByRole('article', { name: 'Sent message' })
  await message.getByRole('tab', { name: 'HTML' }).click()
  const frame = window.frameLocator('iframe[title="Message as HTML"]')
  await expect(frame.getByRole('heading', { name: 'It left us this morning' })).toBeVisible()
  const width = () =>
    frame
      .getByAltText('Winter shop')
      .evaluate((element) => (element as HTMLImageElement).naturalWidth)
  await expect.poll(width).toBe(560)
  const bar = message.getByRole('region', { name: 'Remote content' })
  await expect(bar).toContainText(`Remote content blocked1 from ${host}`)
  expect(hits).toBe(0)
  await takeScreenshots(window, 'outbox-html')
  await expectAccessible(window, 'outbox, HTML')
  await window.getByRole('radio', { name: 'Dark, as styled by the sender' }).click()
  const colour = () =>
    frame.getByRole('heading').evaluate((element) => getComputedStyle(element).color)
  await expect.poll(colour).toBe('rgb(250, 250, 250)')
  await window.getByRole('radio', { name: 'Light', exact: true }).click()
  await bar.getByRole('button', { name: 'Load', exact: true }).click()
  await expect.poll(() => hits).toBe(1)
  await window.getByRole('radio', { name: 'Phone, 390 pixels' }).click()
  const iframe = window.locator('iframe[title="Message as HTML"]')
  await expect.poll(async () => Math.round((await iframe.boundingBox())?.width ?? 0)).toBe(390)
  await window.getByRole('radio', { name: 'Full width' }).click()

  await message.getByRole('tab', { name: 'Text' }).click()
  await expect(message.getByRole('group', { name: 'Text' })).toContainText('Thank you.')
  await message.getByRole('tab', { name: 'Attachments 2' }).click()
  await message.getByRole('button', { name: 'Preview order.csv' }).click()
  await expect(message.getByText('Seed box,2')).toBeVisible()
  const download = window.waitForEvent('download')
  await message.getByRole('button', { name: 'Download order.csv' }).click()
  expect((await download).suggestedFilename()).toBe('order.csv')
  await takeScreenshots(window, 'outbox-attachments')
  await expectAccessible(window, 'outbox, attachments')

  await outbox.send(server, 'Plain words only', 'ada@example.com')
  await window.getByRole('link', { name: /Plain words only/ }).click()
  await message.getByRole('tab', { name: 'HTML' }).click()
  await message.getByRole('button', { name: 'Show text' }).click()
  await expect(message.getByRole('group', { name: 'Text' })).toContainText('Thank you.')
  await message.getByRole('tab', { name: 'Delivery' }).click()
  imageServer.close()
})

test('Messages can be filtered by status and by search text', async ({ window, server }) => {
  await outbox.addSink(server)
  await outbox.send(server, 'Found by its subject', 'Zoe <zoe@example.com>')
  await outbox.send(server, 'Refused', 'gone@example.com')
  await visit(window, 'Outbox')
  const rows = window.getByRole('list', { name: 'Messages' }).getByRole('link')
  await window.getByRole('radio', { name: /^Bounced/ }).click()
  await expect(rows.filter({ hasText: 'Refused' })).toHaveCount(1)
  await expect(rows.filter({ hasText: 'Found by' })).toHaveCount(0)
  await outbox.send(server, 'Refused too', 'gone@example.com')
  await expect(rows.filter({ hasText: 'Refused too' })).toHaveCount(1)
  await window.getByRole('radio', { name: /^Failed/ }).click()
  await expect(window.getByText('No messages failed')).toBeVisible()
  await window.getByRole('radio', { name: /^All/ }).click()
  await window.getByLabel('Search sent messages').fill('zoe@')
  await expect(rows).toHaveCount(1)
  await window.getByLabel('Search sent messages').fill('nowhere')
  await expect(window.getByText('No results')).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(rows.filter({ hasText: 'Refused too' })).toHaveCount(1)
})

test('The outbox works from the keyboard alone, including bulk retry', async ({
  window,
  server,
}) => {
  await outbox.addSink(server)
  outbox.sink.rules.recipient = () => '451 4.3.0 Try again later'
  for (const name of ['first', 'second', 'third']) {
    await outbox.send(server, `Late ${name}`, `${name}@example.com`)
  }
  await window.keyboard.press('Control+2')
  const list = window.getByRole('list', { name: 'Messages' })
  await expect(list.getByRole('link', { name: /Deferred.*Late third/ })).toBeVisible()
  await window.keyboard.press('/')
  await window.keyboard.type('late ')
  await expect(list.getByRole('link')).toHaveCount(3)
  await expect(list.getByRole('link', { name: /Deferred/ })).toHaveCount(3)
  await window.keyboard.press('Enter')
  await window.keyboard.press('x')
  await window.keyboard.press('j')
  await window.keyboard.press('x')
  await expect(window.getByRole('region', { name: 'Selection' })).toContainText('2 selected')
  await takeScreenshots(window, 'outbox-selection')
  await expectAccessible(window, 'outbox with a selection')
  outbox.sink.rules.recipient = () => null
  await window.keyboard.press('r')
  await expect(window.getByText('Retrying 2 messages')).toBeVisible()
  await expect(list.getByRole('link', { name: /Delivered/ })).toHaveCount(2)
  await window.keyboard.press('j')
  await window.keyboard.press('Enter')
  const message = window.getByRole('article', { name: 'Sent message' })
  await expect(message.getByRole('heading', { name: 'Late first' })).toBeVisible()
  await window.keyboard.press('r')
  await expect(list.getByRole('link', { name: /Delivered/ })).toHaveCount(3)
  await window.keyboard.press('k')
  await expect(message.getByRole('heading', { name: 'Late second' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(window.getByText('No message open')).toBeVisible()
})
