import { onTestFinished } from 'vitest'
import type { WebhookLogQuery } from '../../src-main/contract/webhooks.ts'
import type { Outside } from '../../src-main/server/environment.ts'
import { createTestClock, type TestClock } from '../test-clock.ts'
import { type House, openHouse } from '../test-server.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export const minuteMs = 60_000

export type WebhookHouse = {
  readonly house: House
  readonly clock: TestClock
  /** A test key that may send. */
  readonly key: string
}

export async function openWebhookHouse(
  env: Readonly<Record<string, string>> = {},
  outside: Partial<Outside> = {},
): Promise<WebhookHouse> {
  const clock = createTestClock()
  const house = await openHouse({ env, outside: { clock, ...outside } })
  const { key } = await house.makeKey({ name: 'Sender', permissions: ['send'] })
  return { house, clock, key }
}

export async function openReceiver(port?: number): Promise<Receiver> {
  const receiver = await startReceiver(port)
  onTestFinished(receiver.close)
  return receiver
}

export const secret = 'a secret of ours'

export const addWebhook = (
  { house }: WebhookHouse,
  url: string,
  settings: Readonly<Record<string, unknown>> = {},
  key?: string,
) =>
  house.reply('POST /v1/webhooks', {
    key,
    body: { url, events: ['captured'], secret, ...settings },
  })

type Mail = { readonly to?: readonly string[]; readonly subject?: string }

export const send = (
  { house, key }: WebhookHouse,
  { to = ['ann@example.com'], subject = 'Hello' }: Mail = {},
  by = key,
) =>
  house.reply('POST /v1/send', {
    key: by,
    body: { from: 'App <app@example.com>', to, subject, text: 'It works.' },
  })

export async function logsOf(
  { house }: WebhookHouse,
  id: string,
  query: Partial<WebhookLogQuery> = {},
) {
  await house.relay.idle()
  return house.reply('GET /v1/webhooks/{id}/logs', { params: { id }, query })
}

export const webhookOf = ({ house }: WebhookHouse, id: string) =>
  house.reply('GET /v1/webhooks/{id}', { params: { id } })

/** Time goes on, and what falls due is done. */
export async function pass({ house, clock }: WebhookHouse, ms: number): Promise<void> {
  await house.relay.idle()
  clock.advance(ms)
  await house.relay.idle()
}
