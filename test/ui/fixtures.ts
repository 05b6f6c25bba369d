import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { slowDown } from './slow.ts'

type Fixtures = {
  readonly server: ServerProcess
  /** The window, signed in with the admin key. */
  readonly window: Page
}
type WorkerFixtures = { readonly serverFor: (file: string) => Promise<ServerProcess> }

/** A test with a signed-in window. The tests of a file share one server. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  serverFor: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern
    async ({}, use) => {
      const running = new Map<string, ServerProcess>()
      const stopAll = async () => {
        for (const server of running.values()) await server.stop()
        running.clear()
      }
      await use(async (file) => {
        const known = running.get(file)
        if (known) return known
        await stopAll()
        const started = await startServerProcess()
        running.set(file, started)
        return started
      })
      await stopAll()
    },
    { scope: 'worker' },
  ],
  server: async ({ serverFor }, use, { file }) => {
    const server = await serverFor(file)
    await use(server)
    expect(server.failures(), 'warnings and errors that the server logged').toEqual([])
  },
  window: async ({ page, server }, use) => {
    await slowDown(page)
    await signIn(page, server)
    await use(page)
  },
})

export async function signIn(page: Page, server: ServerProcess): Promise<void> {
  await page.goto(server.url)
  await page.getByLabel('Admin key').fill(server.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Connected', { exact: true })).toBeVisible()
}

/** Opens a screen from the sidebar. */
export async function visit(page: Page, screen: string): Promise<void> {
  const sidebar = page.getByRole('navigation', { name: 'Screens' })
  await sidebar.getByRole('link', { name: screen, exact: true }).click()
}

/** Sends over SMTP without a key. Returns the time of the 250 reply. */
export async function deliver(server: ServerProcess, message: SendMailOptions): Promise<number> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: server.smtpPort,
    secure: false,
    ignoreTLS: true,
  })
  await transport.sendMail({ from: 'Shop <shop@example.com>', to: 'ada@example.com', ...message })
  const acceptedAt = Date.now()
  transport.close()
  return acceptedAt
}

/** The distance from the top once scrolling has ended. */
export async function settledTop(locator: Locator): Promise<number> {
  let top = Number.NaN
  await expect
    .poll(async () => {
      const before = top
      top = (await locator.boundingBox())?.y ?? Number.NaN
      return top === before
    })
    .toBe(true)
  return top
}

/** Calls the API. */
export async function call(
  server: ServerProcess,
  method: string,
  path: string,
  body?: unknown,
  key = server.adminKey,
) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: await response.json() }
}

export async function emptyInbox(server: ServerProcess): Promise<void> {
  await call(server, 'DELETE', '/v1/inbox')
}

/** Removes the relays of an earlier test from the shared server. */
export async function removeRelays(server: ServerProcess): Promise<void> {
  const { answer } = await call(server, 'GET', '/v1/relays')
  const { data } = answer as { readonly data: readonly { readonly id: string }[] }
  for (const { id } of data) await call(server, 'DELETE', `/v1/relays/${id}`)
}

export { expect, type ServerProcess }
