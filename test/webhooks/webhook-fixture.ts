import { onTestFinished } from 'vitest'
import type { WebhookLogQuery } from '../../src-main/contract/webhooks.ts'
import type { Environment } from '../../src-main/server/environment.ts'
import { createTestClock, type TestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export const minuteMs = 60_000

export type WebhookFixture = {
  readonly testServer: TestServer
  readonly clock: TestClock
  /** A test key that may send. */
  readonly key: string
}

export async function openWebhookFixture(
  env: Readonly<Record<string, string>> = {},
  environment: Partial<Environment> = {},
): Promise<WebhookFixture> {
  const clock = createTestClock()
  const testServer = await startTestServer({ env, environment: { clock, ...environment } })
  const { key } = await testServer.makeKey({ name: 'Sender', permissions: ['send'] })
  return { testServer, clock, key }
}

export async function openReceiver(port?: number): Promise<Receiver> {
  const receiver = await startReceiver(port)
  onTestFinished(receiver.close)
  return receiver
}

export const secret = 'a secret of ours'

export const addWebhook = (
  { testServer }: WebhookFixture,
  url: string,
  settings: Readonly<Record<string, unknown>> = {},
  key?: string,
) =>
  testServer.reply('POST /v1/webhooks', {
    key,
    body: { url, events: ['captured'], secret, ...settings },
  })

type Mail = { readonly to?: readonly string[]; readonly subject?: string }

export const send = (
  { testServer, key }: WebhookFixture,
  { to = ['ann@example.com'], subject = 'Hello' }: Mail = {},
  by = key,
) =>
  testServer.reply('POST /v1/send', {
    key: by,
    body: { from: 'App <app@example.com>', to, subject, text: 'It works.' },
  })

export async function logsOf(
  { testServer }: WebhookFixture,
  id: string,
  query: Partial<WebhookLogQuery> = {},
) {
  await testServer.server.idle()
  return testServer.reply('GET /v1/webhooks/{id}/logs', { params: { id }, query })
}

export const webhookOf = ({ testServer }: WebhookFixture, id: string) =>
  testServer.reply('GET /v1/webhooks/{id}', { params: { id } })

/** Advances the clock and waits for the due work. */
export async function pass({ testServer, clock }: WebhookFixture, ms: number): Promise<void> {
  await testServer.server.idle()
  clock.advance(ms)
  await testServer.server.idle()
}
