import { onTestFinished } from 'vitest'
import { type FaultySink, startFaultySink } from '../faulty-sink.ts'
import type { LiveFixture } from './live-fixture.ts'

/** A server that closes when its test ends. */
export async function openFaultySink(
  options?: Parameters<typeof startFaultySink>[0],
): Promise<FaultySink> {
  const sink = await startFaultySink(options)
  onTestFinished(sink.close)
  return sink
}

/** A live key with full access, of a new tenant. */
export async function keyOf({ testServer }: LiveFixture, tenant?: string): Promise<string> {
  if (tenant) await testServer.makeTenant(tenant)
  const { key } = await testServer.makeKey({
    mode: 'live',
    permissions: ['*'],
    rate_limit: { requests_per_minute: 1_000_000 },
    ...(tenant && { tenant_id: tenant }),
  })
  return key
}

/** The ids in order; each subject is the name and a number. */
export async function sendMany(
  { testServer }: LiveFixture,
  key: string,
  count: number,
  name = 'n',
) {
  const sent = await Promise.all(
    Array.from({ length: count }, (_, number) =>
      testServer.reply('POST /v1/send', {
        key,
        body: {
          from: 'app@example.com',
          to: 'ann@example.com',
          subject: `${name}${number}`,
          text: '.',
        },
      }),
    ),
  )
  return sent.map(({ id }) => id)
}

/** An email, by the console's key, which has no rate limit. */
export const read = ({ testServer }: LiveFixture, id: string) =>
  testServer.reply('GET /v1/emails/{id}', { params: { id } })
