import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { command, deliver, readRuntimeFile, storeFirstKeys, test } from './desktop-app.ts'

async function occupyPort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP port')
  return { port: address.port, close: () => server.close() }
}

test('Mail is kept when the app quits and starts again', async ({ launch }) => {
  const first = await launch()
  await deliver(first.server, { subject: 'Kept over a restart' })
  await expect(first.page.getByText('Kept over a restart').first()).toBeVisible()
  await first.quit()

  const second = await launch()
  await expect(second.page.getByText('Kept over a restart').first()).toBeVisible()
})

test('Quitting the app ends the server', async ({ dataFolder, launch }) => {
  const app = await launch()
  expect((await fetch(`${app.server.url}/health`)).ok).toBe(true)
  await app.quit()
  await expect(fetch(`${app.server.url}/health`)).rejects.toThrow()
  expect(existsSync(join(dataFolder, 'server.json'))).toBe(false)
})

test('The window opens at its last position', async ({ launch }) => {
  const bounds = { x: 40, y: 60, width: 1000, height: 700 }
  const placeOf = ({ electron }: Awaited<ReturnType<typeof launch>>) =>
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
  const first = await launch()
  await first.electron.evaluate(({ BrowserWindow }, place) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(place)
  }, bounds)
  // The display may report the first position once more before this one.
  let timesSeen = 0
  const isThere = async (): Promise<number> => {
    const now = await placeOf(first)
    timesSeen = now?.x === bounds.x && now.width === bounds.width ? timesSeen + 1 : 0
    return timesSeen
  }
  await expect.poll(isThere, { intervals: [20] }).toBeGreaterThan(10)
  await first.quit()

  expect(await placeOf(await launch())).toEqual(bounds)
})

test('A second start shows the first window and ends', async ({ launch, run }) => {
  const { electron } = await launch()
  await electron.evaluate(({ app }) => {
    app.once('second-instance', () => Object.assign(globalThis, { secondStart: true }))
  })
  const second = run(command.executable, command.args)
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  await expect.poll(() => electron.evaluate(() => 'secondStart' in globalThis)).toBe(true)
  expect(electron.windows()).toHaveLength(1)
})

test('A used port is replaced by the next free one, which the title shows', async ({ launch }) => {
  const http = await occupyPort()
  const smtp = await occupyPort()
  const { electron, page, server } = await launch({
    MAILSAGE_HTTP_PORT: String(http.port),
    MAILSAGE_SMTP_PORT: String(smtp.port),
  })
  expect(Number(new URL(server.url).port)).toBeGreaterThan(http.port)
  expect(server.smtpPort).toBeGreaterThan(smtp.port)
  // The start with the occupied port must not use up the only display of the first keys.
  await storeFirstKeys(page)
  await deliver(server, { subject: 'Through the other port' })
  await expect(page.getByText('Through the other port').first()).toBeVisible()
  const title = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getTitle(),
  )
  expect(title).toContain(`MailSage · ${server.url} · SMTP ${server.smtpPort}`)
  http.close()
  smtp.close()
})

test('A data folder in use is refused with a sentence', async ({ dataFolder, run }) => {
  const headless = run(process.execPath, ['out/main/headless.js'])
  await expect.poll(() => existsSync(join(dataFolder, 'server.json'))).toBe(true)
  const { url } = readRuntimeFile(dataFolder)

  const desktop = run(command.executable, command.args)
  let said = ''
  desktop.stderr?.on('data', (chunk) => {
    said += chunk
  })
  await expect.poll(() => said, { timeout: 20_000 }).toContain(dataFolder)
  expect((await fetch(`${url}/health`)).ok).toBe(true)
  headless.kill('SIGTERM')
  const [code] = await once(headless, 'exit')
  expect(code).toBe(0)
})
