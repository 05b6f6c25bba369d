import type { AlertRuleName } from '../../src-main/contract/alerts.ts'
import { createTestClock, type TestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export async function openWatched(env: Readonly<Record<string, string>> = {}) {
  const clock = createTestClock()
  const testServer = await startTestServer({ env, environment: { clock } })
  return { testServer, clock }
}

/** Advances the clock and waits for the evaluation. */
export async function look(
  { testServer, clock }: { testServer: TestServer; clock: TestClock },
  ms = minuteMs,
) {
  await testServer.server.idle()
  clock.advance(ms)
  await testServer.server.idle()
  // Runs that fell due on the way had their own time; this one has the new time.
  clock.advance(minuteMs)
  await testServer.server.idle()
}

export async function alertsOf(testServer: TestServer, rule?: AlertRuleName) {
  const { data } = await testServer.reply('GET /v1/alerts', { query: rule ? { rule } : {} })
  return data
}
