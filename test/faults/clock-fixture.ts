import { createTestClock, type TestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
export const yearMs = 365 * dayMs

/** Clock changes: the clock is set wrong by `ms`, and right again. */
export const steps: readonly (readonly [name: string, ms: number])[] = [
  ['30 seconds back', -30 * secondMs],
  ['an hour back', -hourMs],
  ['a day back', -dayMs],
  ['a year back', -yearMs],
  ['an hour ahead', hourMs],
  ['a day ahead', dayMs],
  ['ten years ahead', 10 * yearMs],
]
export const stepsBack = steps.filter(([, ms]) => ms < 0)

export type ClockFixture = {
  readonly testServer: TestServer
  readonly clock: TestClock
  readonly key: string
}

export async function openClockFixture(
  env: Readonly<Record<string, string>> = {},
  settings: Parameters<TestServer['makeKey']>[0] = {},
): Promise<ClockFixture> {
  const clock = createTestClock()
  const testServer = await startTestServer({ env, environment: { clock } })
  const { key } = await testServer.makeKey(settings)
  return { testServer, clock, key }
}

const mail = { from: 'a@example.com', to: 'b@example.com', text: 'findable' }

export async function send({ testServer, key }: ClockFixture, subject: string): Promise<string> {
  return (await testServer.reply('POST /v1/send', { key, body: { ...mail, subject } })).id
}

export async function subjects({ testServer }: ClockFixture): Promise<string[]> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 100 } })
  return data.map(({ subject }) => subject)
}

/** Advances the clock and waits for the due work. */
export async function pass({ testServer, clock }: ClockFixture, ms: number): Promise<void> {
  await testServer.server.idle()
  clock.advance(ms)
  await testServer.server.idle()
}

/** Like `pass`, one hour at a time, so that hourly loops run. */
export async function passHours(here: ClockFixture, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) await pass(here, hourMs)
}
