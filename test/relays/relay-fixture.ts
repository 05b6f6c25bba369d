import { addRelay, type LiveFixture } from '../delivery/live-fixture.ts'
import type { Sink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer, type TestServerOptions } from '../test-server.ts'

/** A test server with a live key of full access. */
export async function openRelayFixture({
  env,
  environment,
}: TestServerOptions = {}): Promise<LiveFixture> {
  const clock = createTestClock()
  const testServer = await startTestServer({
    ...(env && { env }),
    environment: { clock, ...environment },
  })
  const { id, key } = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
  return { testServer, clock, key, keyId: id }
}

export const addNamed = (
  live: LiveFixture,
  name: string,
  sink: { readonly port: number },
  settings: Readonly<Record<string, unknown>> = {},
) => addRelay(live, sink, { name, ...settings })

/** One live message over HTTP; its id. */
export async function sendLive(
  { testServer, key }: LiveFixture,
  to: string | string[] = 'ann@example.com',
) {
  const body = { from: 'app@example.com', to, subject: 'Hello', text: 'It works.' }
  return (await testServer.reply('POST /v1/send', { key, body })).id
}

export async function relayNamed({ testServer }: LiveFixture, name: string) {
  const { data } = await testServer.reply('GET /v1/relays')
  const found = data.find((relay) => relay.name === name)
  if (!found) throw new Error(`There is no relay ${name}`)
  return found
}

export const recipientsOf = (sink: Sink): string[] => sink.messages.flatMap(({ rcptTo }) => rcptTo)
