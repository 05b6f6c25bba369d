import { deliver, emptyInbox, expect, test } from './fixtures.ts'

test('The inbox and the main screens work from the keyboard alone', async ({ window, server }) => {
  await emptyInbox(server)
  for (const subject of ['Oldest', 'Middle', 'Newest']) {
    await deliver(server, { subject, text: `${subject} words` })
    await expect(window.getByRole('link', { name: new RegExp(subject) })).toBeVisible()
  }
  await window.keyboard.press('j')
  await window.keyboard.press('j')
  await window.keyboard.press('Enter')
  const message = window.getByRole('article', { name: 'Message' })
  await expect(message.getByRole('heading', { name: 'Middle' })).toBeVisible()
  expect(window.url()).toMatch(/#\/inbox\/msg_/)

  await window.keyboard.press('k')
  await expect(message.getByRole('heading', { name: 'Newest' })).toBeVisible()
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('ArrowDown')
  await expect(message.getByRole('heading', { name: 'Oldest' })).toBeVisible()
  await expect(window.getByRole('link', { name: 'Inbox', exact: true })).toBeVisible()

  await window.keyboard.press('u')
  await expect(window.getByRole('link', { name: /Inbox 1 unread/ })).toBeVisible()
  await window.keyboard.press('Backspace')
  await expect(window.getByRole('link', { name: /Oldest/ })).toBeHidden()
  await window.keyboard.press('Escape')
  await expect(window.getByText('No message open')).toBeVisible()

  await window.keyboard.press('?')
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await window.keyboard.press('Escape')

  await window.keyboard.press('Control+4')
  await expect(window.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await window.keyboard.press('c')
  await expect(window.getByRole('dialog', { name: 'Create API key' })).toBeVisible()
  await window.keyboard.press('Escape')
  await window.keyboard.press('Control+7')
  await expect(window.getByRole('heading', { name: 'Usage', exact: true })).toBeVisible()
  await window.keyboard.press('Control+,')
  await expect(window.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await window.keyboard.press('Control+1')
  await window.keyboard.press('/')
  await expect(window.getByLabel('Search messages')).toBeFocused()
})
