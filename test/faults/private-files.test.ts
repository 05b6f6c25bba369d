import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startCopies } from '../../src-main/storage/copies.ts'
import { databaseFile, openDatabase } from '../../src-main/storage/database.ts'
import { startTestServer } from '../test-server.ts'

const octets = { 'content-type': 'application/octet-stream' }

const openFiles = (folder: string): string[] =>
  readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)

it('Every file in a shared data folder is readable only by its owner', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
  await testServer.reply('POST /v1/send', { key, body })
  const { bytes } = await testServer.request('GET /v1/backup')
  await testServer.request('POST /v1/restore', { body: bytes, headers: octets })
  chmodSync(testServer.folder, 0o755)
  await testServer.server.idle()
  expect(openFiles(testServer.folder)).toEqual([])
  // The next start corrects the permissions of an older version or a manual copy.
  await testServer.restart({}, () => {
    for (const name of readdirSync(testServer.folder))
      chmodSync(join(testServer.folder, name), 0o644)
  })
  await testServer.reply('POST /v1/send', { key, body })
  await testServer.server.idle()
  expect(openFiles(testServer.folder)).toEqual([])
})

it('A database in an existing folder, its log and its copies are readable only by their owner', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-open-'))
  chmodSync(folder, 0o755)
  const umask = process.umask(0)
  const database = openDatabase(folder)
  process.umask(umask)
  const copies = startCopies(folder)
  onTestFinished(async () => {
    await copies.close()
    database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await copies.make(join(folder, 'copy.db'))
  expect(readdirSync(folder)).toContain('mailsage.db-wal')
  expect(statSync(databaseFile(folder)).mode & 0o777).toBe(0o600)
  expect(openFiles(folder)).toEqual([])
})
