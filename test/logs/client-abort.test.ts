import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })

/** Writes a whole or partial request and disconnects. */
function sayAndLeave(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(testServer.server.httpPort, '127.0.0.1', () => {
      socket.write(text, () => {
        socket.destroy()
        resolve()
      })
    })
    socket.on('error', reject)
  })
}

const headOf = (line: string, key: string, ...fields: string[]) =>
  [
    `${line} HTTP/1.1`,
    `Host: 127.0.0.1:${testServer.server.httpPort}`,
    `Authorization: Bearer ${key}`,
    ...fields,
    '',
    '',
  ].join('\r\n')

const entriesOf = async (keyId: string) => {
  await testServer.server.idle()
  const { data } = await testServer.reply('GET /v1/logs', {
    query: { type: 'request', key_id: keyId },
  })
  return data
}

const firstOf = (keyId: string) =>
  eventually(async () => {
    const entries = await entriesOf(keyId)
    return entries.length > 0 ? entries : undefined
  })

const left = { status: 499, fault: 'client_closed', outcome: 'client_closed' }

it('A client that disconnects before the response is logged once', async () => {
  const { id, key } = await testServer.makeKey({ permissions: ['inbox:read'] })
  const path = '/v1/inbox/wait?to=nobody@example.com&timeout=60'
  await sayAndLeave(headOf(`GET ${path}`, key))
  expect(await firstOf(id)).toMatchObject([{ route: 'GET /v1/inbox/wait', ...left }])
  await testServer.reply('POST /v1/inbox/delete', { body: { ids: ['msg_none'] } })
  expect(await entriesOf(id)).toHaveLength(1)
})

it('A client that disconnects within its request is logged, and its message is not sent', async () => {
  const { id, key } = await testServer.makeKey()
  const fields = ['Content-Type: application/json', 'Content-Length: 500']
  await sayAndLeave(`${headOf('POST /v1/send', key, ...fields)}{"from":"a@example.com",`)
  expect(await firstOf(id)).toMatchObject([{ route: 'POST /v1/send', ...left }])
  expect(await testServer.events(['captured'])).toEqual([])
})

it('A client that often aborts its wait does not count as refused', async () => {
  const { id, key } = await testServer.makeKey({ name: 'Impatient', permissions: ['inbox:read'] })
  const wait = headOf('GET /v1/inbox/wait?to=nobody@example.com&timeout=60', key)
  const leaveOften = () => Promise.all(Array.from({ length: 25 }, () => sayAndLeave(wait)))
  const seen = async (count: number) => {
    await eventually(async () => ((await entriesOf(id)).length === count ? true : undefined))
    // The usage counters follow the log with a delay.
    await testServer.server.idle()
  }
  const alerts = async () => {
    for (let look = 0; look < 2; look++) {
      clock.advance(60_000)
      await testServer.server.idle()
    }
    const query = { rule: 'key_error_rate' }
    return (await testServer.reply('GET /v1/alerts', { query })).data
  }
  await leaveOften()
  await seen(25)
  expect(await alerts()).toEqual([])
  const { totals } = await testServer.reply('GET /v1/usage', { query: { key_id: id } })
  expect([totals.requests, totals.outcomes.client_closed, totals.outcomes.invalid]).toEqual([
    25, 25, 0,
  ])
  expect(await testServer.reply('GET /metrics')).not.toContain('client_closed')

  const query = { limit: 'x' }
  for (let count = 0; count < 20; count++) await testServer.request('GET /v1/inbox', { key, query })
  await leaveOften()
  await seen(70)
  const { api_keys: keys } = await testServer.reply('GET /api/v1/api-keys')
  const params = { id: keys.find(({ name }) => name === 'Impatient')?.id ?? 0 }
  const { usage_stats: stats } = await testServer.reply('GET /api/v1/api-keys/{id}/usage', {
    params,
  })
  expect(stats).toMatchObject({ total_requests: 70, success_requests: 0, error_requests: 20 })
  expect(await alerts()).toMatchObject([{ subject: id, figures: { requests: 20, refused: 20 } }])
})

it('A client that disconnects during the response causes no error', async () => {
  const { id, key } = await testServer.makeKey({ permissions: ['logs:read'] })
  const abort = new AbortController()
  const headers = { authorization: `Bearer ${key}` }
  const answer = await fetch(`${testServer.url}/v1/events`, { headers, signal: abort.signal })
  await answer.body?.getReader().read()
  abort.abort()
  const [entry, ...others] = await firstOf(id)
  expect([entry?.route, entry?.status, entry?.fault, others.length]).toEqual([
    'GET /v1/events',
    200,
    null,
    0,
  ])
})
