import { call, expect, type ServerProcess, test, visit } from './fixtures.ts'
import { expectAccessible, takeScreenshots } from './screenshot.ts'

/** Raises an alert for a key with many refusals. A changed rule is evaluated at once. */
async function raise(server: ServerProcess, name: string): Promise<void> {
  const { answer } = await call(server, 'POST', '/v1/api-keys', {
    name,
    mode: 'test',
    permissions: ['send'],
  })
  for (let count = 0; count < 25; count++) {
    await call(server, 'GET', '/v1/inbox', undefined, answer.key)
  }
  await expect
    .poll(async () => {
      await call(server, 'PATCH', '/v1/alerts/rules', { key_error_rate: { percent: 20 } })
      const { answer: alerts } = await call(server, 'GET', '/v1/alerts?state=open')
      return alerts.data.some((alert: { subject_name: string }) => alert.subject_name === name)
    })
    .toBe(true)
}

// Screenshots and accessibility checks in both themes take long on a busy machine.
test.setTimeout(150_000)

test('An alert is notified on the current screen, lists its figures and can be acknowledged', async ({
  window,
  server,
}) => {
  await raise(server, 'Clumsy')
  await window.getByRole('button', { name: 'Show', exact: true }).first().click()
  const alert = window
    .getByRole('list', { name: 'Open alerts' })
    .getByRole('listitem')
    .filter({ hasText: 'Clumsy' })
  await expect(alert).toHaveAttribute('aria-current', 'true')
  await expect(alert).toContainText(/\d+ of \d+ requests of the key “Clumsy” were refused/)
  await expect(alert.getByRole('term').filter({ hasText: 'Refused' })).toBeVisible()
  await takeScreenshots(window, 'alerts')
  await expectAccessible(window, 'alerts')
  await alert.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(alert).toContainText('acknowledged just now')
  await expect(alert.getByRole('button')).toHaveCount(0)

  await alert.getByRole('link', { name: 'Usage of Clumsy' }).click()
  await window.getByRole('radio', { name: '1h' }).click()
  const marks = window.getByRole('list', { name: 'Alerts on the chart' })
  await expect(marks.getByRole('link', { name: /requests of the key “Clumsy”/ })).toBeVisible()
  await takeScreenshots(window, 'usage-alert')
  await window.getByRole('link', { name: /Alerts, \d+ open/ }).click()
  await expect(alert).toBeVisible()
})

test('Alert rules can be changed, disabled and reset by keyboard alone', async ({
  window,
  server,
}) => {
  const settingsOf = async (rule: string) => {
    const { answer } = await call(server, 'GET', '/v1/alerts/rules')
    return answer.data.find((one: { rule: string }) => one.rule === rule)
  }
  await visit(window, 'Usage')
  await window.getByRole('link', { name: /^Alerts/ }).focus()
  await window.keyboard.press('Enter')
  await window.getByRole('radio', { name: 'Rules' }).focus()
  await window.keyboard.press('Space')
  const rule = window.getByRole('form', { name: 'The queue of live mail is long' })
  await rule.getByLabel('Messages', { exact: true }).focus()
  await window.keyboard.press('ControlOrMeta+a')
  await window.keyboard.type('40')
  await window.keyboard.press('Enter')
  await expect.poll(async () => (await settingsOf('queue_depth')).settings.messages).toBe(40)
  await takeScreenshots(window, 'alert-rules')
  await expectAccessible(window, 'alert rules')

  await rule.getByLabel('Messages', { exact: true }).fill('0')
  await rule.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(rule.getByRole('alert')).toHaveText('Messages is out of range.')
  await rule.getByLabel('Messages', { exact: true }).fill('40')

  await rule.getByRole('switch').press('Space')
  await expect.poll(async () => (await settingsOf('queue_depth')).settings.enabled).toBe(false)
  await rule.getByRole('button', { name: 'Reset to defaults' }).press('Enter')
  await expect.poll(async () => (await settingsOf('queue_depth')).is_default).toBe(true)
  await window.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect.poll(async () => (await settingsOf('queue_depth')).settings.messages).toBe(40)
})
