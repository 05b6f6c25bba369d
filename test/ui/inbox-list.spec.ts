import type { Locator, Page } from '@playwright/test'
import {
  call,
  deliver,
  emptyInbox,
  expect,
  type ServerProcess,
  settledTop,
  test,
} from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

const listOf = (window: Page): Locator => window.getByRole('list', { name: 'Messages' })
const rowsOf = (window: Page): Locator => listOf(window).getByRole('link')
const sidebarOf = (window: Page): Locator =>
  window.getByRole('navigation', { name: 'Inbox sidebar' })
const searchOf = (window: Page): Locator => window.getByLabel('Search messages')

const keys = new Map<string, string>()

async function keyFor(server: ServerProcess, inbox: string): Promise<string> {
  const known = keys.get(inbox)
  if (known) return known
  const { answer } = await call(server, 'POST', '/v1/api-keys', {
    name: `${inbox} tests`,
    mode: 'test',
    permissions: ['send'],
    inbox,
  })
  keys.set(inbox, answer.key)
  return answer.key
}

async function send(
  server: ServerProcess,
  inbox: string,
  fields: Record<string, unknown>,
): Promise<void> {
  const mail = { from: 'Shop <shop@example.com>', to: 'ada@example.com', text: 'x', ...fields }
  const { status } = await call(server, 'POST', '/v1/send', mail, await keyFor(server, inbox))
  expect(status).toBe(202)
}

/** Seven messages in two inboxes. */
async function fill(server: ServerProcess): Promise<void> {
  await emptyInbox(server)
  await send(server, 'checkout', {
    subject: 'Receipt for winter boots',
    text: 'Your winter boots are on their way.',
    tags: ['billing', 'checkout'],
  })
  await send(server, 'checkout', {
    from: 'Grace Hopper <grace@navy.example>',
    subject: 'Contract',
    text: 'The contract for winter is attached.',
    attachments: [{ filename: 'contract.pdf', content: 'AAAA' }],
  })
  await send(server, 'checkout', { subject: 'Password reset', tags: ['auth'] })
  for (const name of ['One', 'Two', 'Three', 'Four']) {
    await send(server, 'staging', { subject: `Staging ${name}`, text: `Words of ${name}` })
  }
}

test('A picked suggestion stays picked when new suggestions arrive', async ({ window, server }) => {
  await fill(server)
  await window.keyboard.press('/')
  await searchOf(window).fill('tag:')
  await expect(window.getByRole('option', { name: 'auth' })).toBeVisible()
  await window.keyboard.press('ArrowDown')
  const picked = window.getByRole('option', { selected: true })
  const name = (await picked.textContent()) ?? ''
  await call(server, 'PATCH', '/v1/inbox', { query: 'larger:1', add_tags: ['aaa'] })
  await expect(window.getByRole('option').first()).toHaveText('aaa')
  await expect(picked).toHaveText(name)
  await window.keyboard.press('Enter')
  await expect(searchOf(window)).toHaveValue(`tag:${name} `)
  await call(server, 'PATCH', '/v1/inbox', { query: 'larger:1', remove_tags: ['aaa'] })
})

test('Search has suggestions, error messages, highlights and saved searches', async ({
  window,
  server,
}) => {
  test.slow()
  await fill(server)
  await expect(rowsOf(window)).toHaveCount(7)

  await window.keyboard.press('/')
  await expect(window.getByRole('option', { name: /from:/ })).toBeVisible()
  await takeScreenshots(window, 'inbox-completion')
  await window.keyboard.type('fr')
  await window.keyboard.press('Tab')
  await expect(searchOf(window)).toHaveValue('from:')
  await expect(window.getByText('“from:” needs a value')).toBeVisible()
  await window.getByRole('option', { name: 'grace@navy.example' }).click()
  await expect(searchOf(window)).toHaveValue('from:grace@navy.example ')
  await expect(rowsOf(window)).toHaveCount(1)

  await searchOf(window).fill('tag:')
  await expect(window.getByRole('option', { name: 'auth' })).toBeVisible()
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('Enter')
  await expect(searchOf(window)).toHaveValue('tag:auth ')
  await expect(rowsOf(window)).toHaveText([/Password reset/])

  await searchOf(window).fill('before:soon x')
  await expect(window.getByRole('alert')).toContainText('“soon” is not a date')
  await expect(rowsOf(window)).toHaveText([/Password reset/])

  await searchOf(window).fill('winter')
  await expect(rowsOf(window)).toHaveCount(2)
  await expect(listOf(window).locator('mark').first()).toHaveText('winter')
  await searchOf(window).fill('winter has:attachment')
  await expect(rowsOf(window)).toHaveText([/Contract/])
  await searchOf(window).fill('winter tag:auth')
  await expect(window.getByText('No results')).toBeVisible()
  await expectAccessible(window, 'no results')
  await takeScreenshots(window, 'inbox-nothing-found')
  await window.getByRole('button', { name: 'Without “tag:auth”' }).click()
  await expect(rowsOf(window)).toHaveCount(2)
  await expect(searchOf(window)).toHaveValue('winter')

  await window.getByRole('button', { name: 'Inbox actions' }).click()
  await window.getByRole('menuitem', { name: 'Save search…' }).click()
  await window.getByRole('textbox', { name: 'Name' }).fill('Cold things')
  await expectAccessible(window, 'save search')
  await window.getByRole('button', { name: 'Save search' }).click()
  const saved = sidebarOf(window).getByRole('button', { name: 'Cold things', exact: true })
  await expect(saved).toHaveAttribute('aria-current', 'true')
  await sidebarOf(window).getByRole('button', { name: 'All mail' }).click()
  await expect(rowsOf(window)).toHaveCount(7)
  await saved.click()
  await expect(rowsOf(window)).toHaveCount(2)

  await sidebarOf(window).getByRole('button', { name: 'Actions for Cold things' }).click()
  await window.getByRole('menuitem', { name: 'Rename…' }).click()
  await window.getByRole('textbox', { name: 'Name' }).fill('Winter')
  await window.getByRole('button', { name: 'Rename', exact: true }).click()
  await sidebarOf(window).getByRole('button', { name: 'Actions for Winter' }).click()
  await window.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(sidebarOf(window).getByText('Winter')).toBeHidden()
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(sidebarOf(window).getByText('Winter')).toBeVisible()
})

test('The sidebar filters the list, and bulk actions change all selected messages', async ({
  window,
  server,
}) => {
  test.slow()
  await fill(server)
  const rows = rowsOf(window)
  await sidebarOf(window)
    .getByRole('button', { name: /staging 4 unread/ })
    .click()
  await expect(rows).toHaveCount(4)
  await sidebarOf(window)
    .getByRole('button', { name: /billing 1/ })
    .click()
  await expect(rows).toHaveText([/Receipt/])
  await sidebarOf(window)
    .getByRole('button', { name: /All mail/ })
    .click()
  await expect(rows).toHaveCount(7)
  await expectAccessible(window, 'sidebar')

  // A checkbox on hover, then a range with Shift+click.
  const box = (subject: string) => window.getByRole('checkbox', { name: `Select ${subject}` })
  await rows.first().hover()
  await box('Staging Four').click()
  await rows.nth(2).click({ modifiers: ['Shift'] })
  const bar = window.getByRole('toolbar', { name: 'Selected messages' })
  await expect(bar).toContainText('3 selected')
  await expectAccessible(window, 'selection')
  await takeScreenshots(window, 'inbox-selection')
  await bar.getByRole('button', { name: 'Mark selected as read' }).click()
  await expect(sidebarOf(window).getByRole('button', { name: /staging 1 unread/ })).toBeVisible()

  await bar.getByRole('button', { name: 'Tag selected' }).click()
  const dialog = window.getByRole('dialog', { name: 'Tags of 3 messages' })
  await dialog.getByLabel('Find or add a tag').fill('looked at')
  await window.keyboard.press('Enter')
  await expect(dialog.getByRole('option', { name: 'looked at', selected: true })).toBeVisible()
  await expectAccessible(window, 'tags')
  await takeScreenshots(window, 'inbox-tags')
  await window.keyboard.press('Escape')
  await expect(sidebarOf(window).getByRole('button', { name: /looked at 3/ })).toBeVisible()
  await expect(rows.first()).toContainText('looked at')

  const download = window.waitForEvent('download')
  await bar.getByRole('button', { name: 'Export selected' }).click()
  expect((await download).suggestedFilename()).toBe('messages.mbox')

  await bar.getByRole('button', { name: 'Delete selected' }).click()
  await expect(rows).toHaveCount(4)
  await expect(window.getByText('3 messages deleted')).toBeVisible()
  await window.getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(7)

  await searchOf(window).fill('staging')
  await expect(rows).toHaveCount(4)
  await window.getByRole('button', { name: 'Inbox actions' }).click()
  await window.getByRole('menuitem', { name: 'Delete results…' }).click()
  await expect(window.getByRole('alertdialog', { name: 'Delete 4 messages?' })).toBeVisible()
  await window.getByRole('button', { name: 'Delete all' }).click()
  await expect(window.getByText('No results')).toBeVisible()
  expect((await call(server, 'GET', '/v1/inbox')).answer.counts.total).toBe(3)
})

test('Selecting, tagging, searching and deleting work from the keyboard alone', async ({
  window,
  server,
}) => {
  test.slow()
  await fill(server)
  const rows = rowsOf(window)
  await expect(rows).toHaveCount(7)
  const bar = window.getByRole('toolbar', { name: 'Selected messages' })
  await window.keyboard.press('j')
  await window.keyboard.press('x')
  await expect(bar).toContainText('1 selected')
  await window.keyboard.press('Shift+J')
  await window.keyboard.press('Shift+J')
  await expect(bar).toContainText('3 selected')
  await window.keyboard.press('t')
  await window.keyboard.type('mine')
  await window.keyboard.press('Enter')
  await expect(window.getByRole('option', { name: 'mine', selected: true })).toBeVisible()
  await window.keyboard.press('Escape')
  await window.keyboard.press('u')
  await expect(sidebarOf(window).getByRole('button', { name: /staging 1 unread/ })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await window.keyboard.press('Control+a')
  await expect(bar).toContainText('7 selected')
  await window.keyboard.press('Escape')

  await window.keyboard.press('/')
  await window.keyboard.type('tag:mine')
  await expect(rows).toHaveCount(3)
  await window.keyboard.press('Enter')
  await window.keyboard.press('Control+a')
  await window.keyboard.press('Delete')
  await expect(window.getByText('3 messages deleted')).toBeVisible()
  const list = window.getByRole('region', { name: 'Message list' })
  const { width } = (await list.boundingBox()) ?? { width: 0 }
  await window.keyboard.press('[')
  await expect(sidebarOf(window)).toBeHidden()
  expect((await list.boundingBox())?.width).toBe(width)
  await window.keyboard.press('[')
  const divider = window.getByRole('separator', { name: 'Sidebar width' })
  const before = Number(await divider.getAttribute('aria-valuenow'))
  await divider.focus()
  await window.keyboard.press('ArrowRight')
  await expect(divider).toHaveAttribute('aria-valuenow', String(before + 16))
  await window.reload()
  await expect(divider).toHaveAttribute('aria-valuenow', String(before + 16))
})

test('New mail does not move the rows of a scrolled list', async ({ window, server }) => {
  await emptyInbox(server)
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => deliver(server, { subject: `Row ${index}` })),
  )
  await expect(rowsOf(window).first()).toBeVisible()
  await expect(window.getByRole('link', { name: /Inbox 30 unread/ })).toBeVisible()
  await listOf(window).hover()
  await window.mouse.wheel(0, 400)
  const watched = rowsOf(window).nth(10)
  const id = await watched.getAttribute('data-row')
  const row = window.locator(`[data-row="${id}"]`)
  await expect
    .poll(() => listOf(window).evaluate((list) => list.parentElement?.scrollTop))
    .toBe(400)
  const before = await settledTop(row)
  await Promise.all(
    Array.from({ length: 3 }, (_, index) => deliver(server, { subject: `Late ${index}` })),
  )
  const pill = window.getByRole('button', { name: '3 new messages' })
  await expect(pill).toBeVisible()
  expect((await row.boundingBox())?.y).toBe(before)
  await takeScreenshots(window, 'inbox-waiting')
  await pill.click()
  await expect(window.getByRole('link', { name: /Late 0/ })).toBeVisible()
  await expect(pill).toBeHidden()
})
