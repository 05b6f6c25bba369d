import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { commandLine } from './command-line.ts'

it('The command mailsage backup saves a copy, and mailsage restore restores it', {
  timeout: 60_000,
}, async () => {
  const testServer = await startTestServer()
  const { run } = commandLine(testServer.folder)
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'copy.db')
  const { key } = await testServer.makeKey()
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'kept', text: 'x' }
  await testServer.reply('POST /v1/send', { key, body })

  expect(await run(['backup', file])).toMatchObject({ code: 0, stdout: `Saved ${file}\n` })
  expect((await run(['backup', file])).stderr).toMatch(/it is there already/)
  expect((await run(['backup'])).stderr).toMatch(/Name the file/)

  await testServer.reply('DELETE /v1/inbox')
  const broken = join(folder, 'broken.db')
  writeFileSync(broken, 'hello')
  expect((await run(['restore', broken])).stderr).toMatch(/not a database/)
  expect((await run(['restore', join(folder, 'none.db')])).stderr).toMatch(/cannot be read/)
  expect((await run(['outbox', 'release-restored'])).stderr).toMatch(/no held queue of a restored/)
  await testServer.reply('POST /v1/send', { key, body })
  const { stdout } = await run(['restore', file])
  expect(stdout).toMatch(/with one message is checked/)
  expect(stdout).toMatch(/Lost then: one message that the backup does not have/)
  expect(stdout).toMatch(/nothing in its queue/)
  await testServer.restart()
  expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  expect(await run(['outbox', 'cancel-restored'])).toMatchObject({
    stdout: 'Cancelled: nothing.\n',
  })
  expect((await run(['outbox', 'cancel-restored'])).stderr).toMatch(/no held queue of a restored/)
})
