import { expect, onTestFinished } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { converse, type Reply } from '../smtp/conversation.ts'
import { type Sink, type SinkOptions, startSink } from '../smtp-sink.ts'
import { createTestClock, type TestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

export const raw = [
  'From: App <app@example.com>',
  'To: Ann <ann@example.com>',
  'Subject: Order 7 =?utf-8?q?=E2=9C=93?=',
  'Message-ID: <order-7@example.com>',
  '',
  'Line one',
  '.a line that begins with a dot',
  'Grüße',
  '',
].join('\r\n')

export type LiveFixture = {
  readonly testServer: TestServer
  readonly clock: TestClock
  /** A live key that may send and read what it sent. */
  readonly key: string
  readonly keyId: string
}

export async function openLiveFixture(env: Readonly<Record<string, string>> = {}) {
  const clock = createTestClock()
  const testServer = await startTestServer({ env, environment: { clock } })
  const { id, key } = await testServer.makeKey({ mode: 'live', permissions: ['send', 'logs:read'] })
  return { testServer, clock, key, keyId: id } satisfies LiveFixture
}

/** A sink that closes when its test ends. */
export async function openSink(options?: SinkOptions): Promise<Sink> {
  const sink = await startSink(options)
  onTestFinished(sink.close)
  return sink
}

export async function addRelay(
  { testServer }: LiveFixture,
  sink: { readonly port: number },
  settings: Readonly<Record<string, unknown>> = {},
) {
  return testServer.reply('POST /v1/relays', {
    body: { name: 'sink', host: '127.0.0.1', port: sink.port, tls: 'none', ...settings },
  })
}

type Mail = { readonly from?: string; readonly to?: readonly string[]; readonly raw?: string }

/** Over SMTP with the live key; the reply to the last command. */
export async function submit({ testServer, key }: LiveFixture, mail: Mail = {}): Promise<Reply> {
  const conversation = await converse(testServer.server.smtpPort)
  expect((await conversation.signIn('mailsage', key)).code).toBe(235)
  return conversation.send({ raw, ...mail })
}

/** The same, accepted: the id in its 250. */
export async function submitted(live: LiveFixture, mail?: Mail): Promise<string> {
  const { code, lines } = await submit(live, mail)
  expect(code).toBe(250)
  return /msg_\w+/.exec(lines[0] ?? '')?.[0] ?? ''
}

export const emailOf = ({ testServer, key }: LiveFixture, id: string) =>
  testServer.reply('GET /v1/emails/{id}', { params: { id }, key })

/** The stored bytes of a message, to compare with those that the relay received. */
export function storedRaw({ testServer }: LiveFixture, id: string): Buffer {
  const database = openReadOnly(testServer.folder)
  try {
    return database
      .prepare<[string], Buffer>(
        'SELECT raw FROM bodies b JOIN messages m ON m.id = b.message_id WHERE m.public_id = ?',
      )
      .pluck()
      .get(id) as Buffer
  } finally {
    database.close()
  }
}

/** Advances the clock and waits for the due work. */
export async function pass({ testServer, clock }: LiveFixture, ms: number): Promise<void> {
  await testServer.server.idle()
  clock.advance(ms)
  await testServer.server.idle()
}

/** A port without a listener. */
export async function deafPort(): Promise<number> {
  const sink = await startSink()
  await sink.close()
  return sink.port
}
