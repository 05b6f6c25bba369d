import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { slowDown } from './slow.ts'

type Fixtures = {
  readonly relay: ServerProcess
  /** The window, signed in with the admin key. */
  readonly window: Page
}
type WorkerFixtures = { readonly relayOf: (file: string) => Promise<ServerProcess> }

/** A test in which somebody sits before the window of a relay; the tests of a file share one. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  relayOf: [
    // Playwright reads the fixture's needs from this pattern.
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const running = new Map<string, ServerProcess>()
      const stopAll = async () => {
        for (const relay of running.values()) await relay.stop()
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
  relay: async ({ relayOf }, use, { file }) => {
    const relay = await relayOf(file)
    await use(relay)
    expect(relay.failures(), 'warnings and errors that the server logged').toEqual([])
  },
  window: async ({ page, relay }, use) => {
    await slowDown(page)
    await signIn(page, relay)
    await use(page)
  },
})

export async function signIn(page: Page, relay: ServerProcess): Promise<void> {
  await page.goto(relay.url)
  await page.getByLabel('Admin key').fill(relay.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Connected', { exact: true })).toBeVisible()
}

/** Goes to a screen by the sidebar. */
export async function visit(page: Page, screen: string): Promise<void> {
  const sidebar = page.getByRole('navigation', { name: 'Screens' })
  await sidebar.getByRole('link', { name: screen, exact: true }).click()
}

/** Delivers over SMTP without a key; answers when the relay has said 250. */
export async function deliver(relay: ServerProcess, message: SendMailOptions): Promise<number> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: relay.smtpPort,
    secure: false,
    ignoreTLS: true,
  })
  await transport.sendMail({ from: 'Shop <shop@example.com>', to: 'ada@example.com', ...message })
  const acceptedAt = Date.now()
  transport.close()
  return acceptedAt
}

/** How far from the top it lies, once a scroll has come to its end. */
export async function restingTop(locator: Locator): Promise<number> {
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

/** Calls the API as an app would. */
export async function call(
  relay: ServerProcess,
  method: string,
  path: string,
  body?: unknown,
  key = relay.adminKey,
) {
  const response = await fetch(`${relay.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: await response.json() }
}

export async function emptyInbox(relay: ServerProcess): Promise<void> {
  await call(relay, 'DELETE', '/v1/inbox')
}

/** What an earlier test added to the relay that they share. */
export async function removeRelays(relay: ServerProcess): Promise<void> {
  const { answer } = await call(relay, 'GET', '/v1/relays')
  const { data } = answer as { readonly data: readonly { readonly id: string }[] }
  for (const { id } of data) await call(relay, 'DELETE', `/v1/relays/${id}`)
}

export { expect, type ServerProcess as Relay }
