import { createTestClock, type TestClock } from '../test-clock.ts'
import { type House, openHouse } from '../test-server.ts'

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
export const yearMs = 365 * dayMs

/** A clock is set wrong by so much, and put right again. */
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

export type ClockHouse = {
  readonly house: House
  readonly clock: TestClock
  readonly key: string
}

export async function openClockHouse(
  env: Readonly<Record<string, string>> = {},
  settings: Parameters<House['makeKey']>[0] = {},
): Promise<ClockHouse> {
  const clock = createTestClock()
  const house = await openHouse({ env, outside: { clock } })
  const { key } = await house.makeKey(settings)
  return { house, clock, key }
}

const mail = { from: 'a@example.com', to: 'b@example.com', text: 'findable' }

export async function send({ house, key }: ClockHouse, subject: string): Promise<string> {
  return (await house.reply('POST /v1/send', { key, body: { ...mail, subject } })).id
}

export async function subjects({ house }: ClockHouse): Promise<string[]> {
  const { data } = await house.reply('GET /v1/inbox', { query: { limit: 100 } })
  return data.map(({ subject }) => subject)
}

/** Time goes on, and what falls due is done. */
export async function pass({ house, clock }: ClockHouse, ms: number): Promise<void> {
  await house.relay.idle()
  clock.advance(ms)
  await house.relay.idle()
}

/** As `pass`, an hour at a time, so that loops that run each hour do. */
export async function passHours(here: ClockHouse, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) await pass(here, hourMs)
}
