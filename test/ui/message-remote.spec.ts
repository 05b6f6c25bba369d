import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { constructs } from './constructs.ts'
import { call, deliver, emptyInbox, expect, type ServerProcess, test } from './fixtures.ts'
import { readLookups, setTrap, type Trap } from './traps.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-traps-'))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))
test.beforeEach(({ server }) => emptyInbox(server))

/** A browser with preconnect and DNS prefetch enabled, which writes a net log. */
function openBrowser(logFile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    ignoreDefaultArgs: ['--disable-background-networking'],
    args: ['--no-sandbox', `--log-net-log=${logFile}`, '--net-log-capture-mode=Everything'],
  })
}

const setTraps = (prefix: string) =>
  Promise.all(constructs.map(({ name }) => setTrap(`${prefix}-${name}`)))

/** Opens pages one by one and waits until each has loaded. */
async function openAll(page: Page, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await page.evaluate(
      (src) =>
        new Promise((done) => {
          const frame = document.createElement('iframe')
          frame.onload = done
          frame.src = src
          document.body.append(frame)
          setTimeout(done, 3000)
        }),
      address,
    )
  }
}

async function viewsOf(server: ServerProcess, traps: readonly Trap[], remote_content: boolean) {
  const views: string[] = []
  for (const [index, { html }] of constructs.entries()) {
    await deliver(server, { subject: 'x', html: html(traps[index]?.address ?? '') })
    const { answer } = await call(server, 'GET', '/v1/inbox?limit=1')
    const [{ id }] = (answer as { data: [{ id: string }] }).data
    const view = await call(server, 'POST', `/v1/inbox/${id}/view`, { remote_content })
    views.push(`${server.url}${(view.answer as { url: string }).url}`)
  }
  return views
}

async function servePages(traps: readonly Trap[]) {
  const server = createServer((request, response) => {
    const index = Number(request.url?.slice(1))
    response.setHeader('content-type', 'text/html')
    response.end(
      constructs[index] ? constructs[index].html(traps[index]?.address ?? '') : '<p>start</p>',
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

test('Before consent, opening a message causes no connection and no DNS lookup', async ({
  server,
}) => {
  test.slow()
  const logFile = join(folder, 'views.json')
  const browser = await openBrowser(logFile)
  const [before, after, bare] = await Promise.all([
    setTraps('before'),
    setTraps('after'),
    setTraps('bare'),
  ])
  const page = await browser.newPage()
  await page.goto(server.url)
  await openAll(page, await viewsOf(server, before, false))
  await openAll(page, await viewsOf(server, after, true))
  const pages = await servePages(bare)
  const control = await browser.newPage()
  await control.goto(`${pages.url}/start`)
  await openAll(
    control,
    constructs.map((_, index) => `${pages.url}/${index}`),
  )
  const expected = constructs.flatMap(({ bare: does }, index) =>
    does === 'connects' ? [index] : [],
  )
  const missing = () => expected.filter((index) => bare[index]?.connections() === 0)
  await expect.poll(() => missing().map((index) => constructs[index]?.name)).toEqual([])
  await browser.close()
  pages.close()
  const looked = readLookups(logFile)
  const seen = (traps: readonly Trap[]) =>
    constructs.flatMap(({ name }, index) => {
      const trap = traps[index]
      return trap && (trap.connections() > 0 || looked.has(trap.host)) ? [name] : []
    })
  for (const trap of [...before, ...after, ...bare]) trap.close()
  // The control group proves that the traps detect connections and lookups.
  const does = constructs.filter(({ bare: effect }) => effect !== 'nothing')
  expect(seen(bare)).toEqual(expect.arrayContaining(does.map(({ name }) => name)))
  expect(seen(before)).toEqual([])
  const loaded = constructs.filter(({ consented }) => consented).map(({ name }) => name)
  expect(seen(after)).toEqual(expect.arrayContaining(loaded))
  expect(seen(after).filter((name) => /frame|object|embed|refresh|base/.test(name))).toEqual([])
})
