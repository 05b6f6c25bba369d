import { addRelay, type LiveHouse } from '../delivery/live-fixture.ts'
import type { Sink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { type HouseOptions, openHouse } from '../test-server.ts'

/** A house with a live key that may do everything. */
export async function openRelayHouse({ env, outside }: HouseOptions = {}): Promise<LiveHouse> {
  const clock = createTestClock()
  const house = await openHouse({ ...(env && { env }), outside: { clock, ...outside } })
  const { id, key } = await house.makeKey({ mode: 'live', permissions: ['*'] })
  return { house, clock, key, keyId: id }
}

export const addNamed = (
  live: LiveHouse,
  name: string,
  sink: { readonly port: number },
  settings: Readonly<Record<string, unknown>> = {},
) => addRelay(live, sink, { name, ...settings })

/** One live message over HTTP; its id. */
export async function sendLive(
  { house, key }: LiveHouse,
  to: string | string[] = 'ann@example.com',
) {
  const body = { from: 'app@example.com', to, subject: 'Hello', text: 'It works.' }
  return (await house.reply('POST /v1/send', { key, body })).id
}

export async function relayNamed({ house }: LiveHouse, name: string) {
  const { data } = await house.reply('GET /v1/relays')
  const found = data.find((relay) => relay.name === name)
  if (!found) throw new Error(`There is no relay ${name}`)
  return found
}

export const recipientsOf = (sink: Sink): string[] => sink.messages.flatMap(({ rcptTo }) => rcptTo)
