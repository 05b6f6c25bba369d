import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { signIn, visit } from './fixtures.ts'
import { expectAccessible } from './screenshot.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

base('A restored queue waits in the window until it is released or cancelled', async ({ page }) => {
  base.slow()
  const folder = await mkdtemp(join(tmpdir(), 'mailsage-restored-'))
  const ask = async (server: ServerProcess, line: string, body?: Blob | object) => {
    const [method = '', path = ''] = line.split(' ')
    const isFile = body instanceof Blob
    const type = isFile ? 'application/octet-stream' : 'application/json'
    return fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.adminKey}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    })
  }
  const first = await startServerProcess({ MAILSAGE_DATA: folder, LOG_LEVEL: 'error' })
  // Nothing listens on port 9, so live mail stays in the queue.
  await ask(first, 'POST /v1/relays', { name: 'closed', host: '127.0.0.1', port: 9, tls: 'none' })
  const at = new Date(Date.now() + 86_400_000).toISOString()
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Later', text: 'x' }
  await ask(first, 'POST /v1/send', { ...mail, scheduled_at: at })
  const backup = await (await ask(first, 'GET /v1/backup')).blob()
  expect((await ask(first, 'POST /v1/restore', backup)).status).toBe(200)
  await first.stop({ keepsFolder: true })

  const server = await startServerProcess({ MAILSAGE_DATA: folder, LOG_LEVEL: 'error' })
  try {
    await signIn(page, server)
    await visit(page, 'Outbox')
    await expect(page.getByText(/1 message from a restored backup/)).toBeVisible()
    await expectAccessible(page, 'restored-outbox')
    await page.getByRole('link', { name: 'Release or cancel' }).click()
    await expect(page.getByText(/has 1 message in its queue/)).toBeVisible()
    await expect(page.getByText(/mailsage-before-restore-/)).toBeVisible()
    await expectAccessible(page, 'restored-settings')
    await page.getByRole('button', { name: 'Release', exact: true }).click()
    const confirm = page.getByRole('alertdialog')
    await expect(confirm).toContainText('receive it again')
    await confirm.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel these' }).click()
    await confirm.getByRole('button', { name: 'Cancel these' }).click()
    await expect(page.getByText(/in its queue. It may have been/)).toBeHidden()
    const { scheduled } = await (await ask(server, 'GET /v1/outbox?status=cancelled')).json()
    expect(scheduled).toHaveLength(1)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
