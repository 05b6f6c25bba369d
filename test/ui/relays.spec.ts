import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, removeRelays, test, visit } from './person.ts'

test('a relay is added, tested against a real server, changed and deleted', async ({
  window,
  relay,
}) => {
  // It connects, is refused, and connects again, each time for real.
  test.slow()
  await removeRelays(relay)
  const received: string[] = []
  const sink = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('Wrong password')),
    onData: (stream, session, done) => {
      stream.resume()
      stream.on('end', () => {
        received.push(...session.envelope.rcptTo.map(({ address }) => address))
        done()
      })
    },
  })
  sink.on('error', () => undefined)
  await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done))
  const { port } = sink.server.address() as AddressInfo

  await visit(window, 'Relays')
  await expect(window.getByText('No relay yet')).toBeVisible()
  await window.getByRole('button', { name: 'Add relay' }).click()
  const dialog = window.getByRole('dialog', { name: 'Add relay' })
  await dialog.getByRole('button', { name: 'Add relay' }).click()
  await expect(dialog.getByText('Enter a host name or an address.')).toBeVisible()
  await dialog.getByLabel('Host').fill('127.0.0.1')
  await dialog.getByRole('radio', { name: 'None' }).click()
  await dialog.getByLabel('Port').fill(String(port))
  await dialog.getByLabel('User name').fill('shop')
  await dialog.getByLabel('Password').fill('wrong')
  await dialog.getByLabel('Name', { exact: true }).fill('Local sink')
  await dialog.getByRole('button', { name: 'Add relay' }).click()
  const row = window.getByRole('listitem').filter({ hasText: 'Local sink' })
  await expect(row).toContainText(`127.0.0.1:${port}`)

  await row.getByRole('button', { name: 'Test' }).click()
  const testDialog = window.getByRole('dialog', { name: 'Test “Local sink”' })
  await testDialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(testDialog.getByRole('status')).toContainText(/password|credentials|sign|auth/i)
  await testDialog.getByRole('button', { name: 'Close' }).first().click()

  await row.getByRole('button', { name: 'Actions for Local sink' }).click()
  await window.getByRole('menuitem', { name: 'Edit…' }).click()
  await window.getByLabel('Password').fill('right')
  await window.getByRole('button', { name: 'Save' }).click()
  await row.getByRole('button', { name: 'Test' }).click()
  await testDialog.getByLabel('Send a test message to').fill('me@example.com')
  await testDialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(testDialog.getByRole('status')).toContainText('It works')
  expect(received).toEqual(['me@example.com'])
  await testDialog.getByRole('button', { name: 'Close' }).first().click()

  await row.getByRole('button', { name: 'Actions for Local sink' }).click()
  await window.getByRole('menuitem', { name: 'Delete…' }).click()
  await window.getByRole('button', { name: 'Delete relay' }).click()
  await expect(window.getByText('No relay yet')).toBeVisible()
  await new Promise<void>((done) => sink.close(done))
})
