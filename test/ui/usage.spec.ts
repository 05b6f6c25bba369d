import { call, expect, test, visit } from './person.ts'

test('usage shows requests by outcome, key and route, and follows along', async ({
  window,
  relay,
}) => {
  const { answer } = await call(relay, 'POST', '/v1/api-keys', {
    name: 'Counted',
    mode: 'test',
    permissions: ['send'],
  })
  const message = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
  await call(relay, 'POST', '/v1/send', message, answer.key)
  await call(relay, 'POST', '/v1/send', { ...message, to: 'not an address' }, answer.key)
  await call(relay, 'GET', '/v1/inbox', undefined, answer.key)

  await visit(window, 'Usage')
  const byKey = window.getByRole('row', { name: /Counted/ })
  await expect(byKey.getByRole('cell').first()).toHaveText('3')
  await expect(byKey).toContainText('Test')
  await expect(byKey).toContainText('33.3%')
  await expect(window.getByRole('row', { name: /POST \/v1\/send/ })).toBeVisible()
  await expect(window.getByLabel('Outcomes')).toContainText('Invalid')

  await call(relay, 'POST', '/v1/send', message, answer.key)
  await expect(byKey.getByRole('cell').first()).toHaveText('4')

  for (const range of ['1h', '7d', '30d']) {
    await window.getByRole('radio', { name: range }).click()
    await expect(byKey.getByRole('cell').first()).toHaveText('4')
  }
})
