import { startSink } from '../smtp-sink.ts'
import { call, expect, test, visit } from './fixtures.ts'
import { prepareLiveMail, tomorrow } from './live-mail.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const outbox = prepareLiveMail()

test('A scheduled message can be rescheduled and cancelled', async ({ window, server }) => {
  await outbox.addSink(server)
  await outbox.send(server, 'Planned news', 'ada@example.com', { scheduled_at: tomorrow() })
  await visit(window, 'Outbox')
  const list = window.getByRole('list', { name: 'Messages' })
  await list.getByRole('link', { name: /Planned news/ }).click()
  const message = window.getByRole('article', { name: 'Sent message' })
  await message.getByRole('button', { name: 'Change time' }).click()
  const dialog = window.getByRole('dialog', { name: 'Change time' })
  await dialog.getByLabel('Send at').fill('2020-01-01T10:00')
  await dialog.getByRole('button', { name: 'Change time' }).click()
  await expect(dialog.getByText('This time is in the past')).toBeVisible()
  await expectAccessible(window, 'change time')
  const soon = new Date(Date.now() + 5 * 86_400_000)
  await dialog.getByLabel('Send at').fill(`${soon.toISOString().slice(0, 10)}T10:00`)
  await dialog.getByRole('button', { name: 'Change time' }).click()
  await expect(window.getByText('Scheduled time changed')).toBeVisible()
  await expect(message.getByRole('list', { name: 'Timeline' })).toContainText(/in [45] days/)
  await takeScreenshots(window, 'outbox-scheduled')

  await message.getByRole('button', { name: 'Cancel sending' }).click()
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText('The scheduled message will not be sent.')
  await confirm.getByRole('button', { name: 'Cancel sending' }).click()
  await expect(message.getByText('Cancelled before its scheduled time')).toBeVisible()
  await expect(list.getByRole('link', { name: /Planned news/ })).toBeHidden()
  expect(outbox.sink.messages.some(({ raw }) => raw.includes('Planned news'))).toBe(false)
})

test('A job can be watched, paused, resumed, stopped and retried', async ({ window, server }) => {
  test.slow()
  await outbox.addSink(server)
  let open = (): void => undefined
  const gate = new Promise<null>((resolve) => {
    open = () => resolve(null)
  })
  outbox.sink.rules.message = () => gate
  const start = async (subject: string, count: number, name = 'reader') => {
    const recipients = Array.from({ length: count }, (_, at) => ({
      email: `${at === 1 ? 'gone' : name}${at}@example.com`,
    }))
    const body = { subject, body: 'Hello', campaign_id: 'winter-fair', recipients }
    return (await call(server, 'POST', '/api/v1/emails/batch', body, outbox.key)).answer
      .job_id as string
  }
  await visit(window, 'Outbox')
  await window.getByRole('radio', { name: 'Jobs' }).click()
  const id = await start('News of the winter fair', 400)
  const row = window.getByRole('link', { name: /News of the winter fair/ })
  await expect(row).toContainText('Sending')
  await row.click()
  await expect(window).toHaveURL(new RegExp(`#/outbox/job_${id}`))
  const job = window.getByRole('article', { name: 'Job' })
  await expect(
    job.getByRole('list', { name: 'Recipients' }).getByRole('listitem').first(),
  ).toBeVisible()
  await job.getByRole('button', { name: 'Pause job' }).click()
  await expect(job.getByText('Paused')).toBeVisible()
  await job.getByRole('button', { name: 'Resume job' }).click()
  await expect(job.getByText('Sending')).toBeVisible()
  await takeScreenshots(window, 'outbox-job')
  await expectAccessible(window, 'a job')

  await job.getByRole('button', { name: 'Stop job' }).click()
  const confirm = window.getByRole('alertdialog')
  await expect(confirm).toContainText(/\d+ of 400 recipients will not receive it/)
  await confirm.getByRole('button', { name: 'Stop job' }).click()
  await expect(job.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(job).toContainText(/\d+ cancelled/)
  open()
  delete outbox.sink.rules.message

  await start('Small and quick', 4, 'few')
  const small = window.getByRole('link', { name: /Small and quick/ })
  await expect(small).toContainText('3 of 4 sent · 1 failed')
  await small.click()
  await job.getByRole('combobox', { name: 'Recipient status' }).click()
  await window.getByRole('option', { name: 'Bounced' }).click()
  const people = job.getByRole('list', { name: 'Recipients' }).getByRole('listitem')
  await expect(people).toHaveCount(1)
  await expect(people).toContainText(/gone1@example.com.*5\.1\.1/)
  outbox.sink.rules.recipient = () => null
  await job.getByRole('button', { name: 'Retry 1 failed' }).click()
  await expect(small).toContainText('4 of 4 sent')
  await expect(small).toContainText('Done')
})

test('An unreachable relay is named, and its mail leaves after a change', async ({
  window,
  server,
}) => {
  await outbox.addSink(server)
  const closed = await startSink()
  await closed.close()
  const { answer } = await call(server, 'GET', '/v1/relays')
  const move = (port: number) => call(server, 'PATCH', `/v1/relays/${answer.data[0].id}`, { port })
  await move(closed.port)
  await outbox.send(server, 'Waits for the relay', 'ada@example.com')
  await visit(window, 'Outbox')
  await expect(window.getByText(/Local sink has been unreachable since/)).toBeVisible()
  await window.getByRole('link', { name: /Waits for the relay/ }).click()
  await takeScreenshots(window, 'outbox-unreachable')
  await expect(window.getByText('No server listens on the relay’s host and port.')).toBeVisible()
  // A changed relay is tried at once, and its waiting mail leaves.
  await move(outbox.sink.port)
  await expect(window.getByText(/Local sink has been unreachable since/)).toBeHidden()
  const hasLeft = () => outbox.sink.messages.some(({ raw }) => raw.includes('Waits for the relay'))
  await expect.poll(hasLeft).toBe(true)
})

test('The list of scheduled messages loads to its end', async ({ window, server }) => {
  await outbox.addSink(server)
  const day = 86_400_000
  const mail = { from: 'shop@example.com', to: 'ada@example.com', text: 'Later' }
  const ids: string[] = []
  for (let number = 1; number <= 205; number++) {
    const at = new Date(Date.now() + 9 * day + number * 60_000).toISOString()
    const body = { ...mail, subject: `Reminder ${number}`, scheduled_at: at }
    const { status, answer } = await call(server, 'POST', '/v1/send', body, outbox.key)
    expect(status).toBe(202)
    ids.push(answer.id)
  }
  await visit(window, 'Outbox')
  await window.getByRole('radio', { name: /^Scheduled/ }).click()
  const list = window.getByRole('list', { name: 'Messages' })
  await expect(list.getByRole('link', { name: /Reminder 1\b/ })).toBeVisible()
  const last = list.getByRole('link', { name: /Reminder 205/ })
  await expect(async () => {
    await list.hover()
    await window.mouse.wheel(0, 20_000)
    await expect(last).toBeVisible({ timeout: 500 })
  }).toPass()
  for (const id of ids) await call(server, 'POST', `/v1/emails/${id}/cancel`, undefined, outbox.key)
})
