import { expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const words = Array.from({ length: 480 }, (_, index) => `a${letters[index % 26]}${index}`)

const testServer = await startTestServer()
const body = Buffer.from(`From: a@example.com\nSubject: S\n\n${words.join(' ')}\n`)
for (let batch = 0; batch < 20; batch++) {
  await Promise.all(
    Array.from({ length: 40 }, () =>
      testServer.ask('POST', '/v1/inbox/import', {
        body,
        headers: { 'content-type': 'message/rfc822' },
      }),
    ),
  )
}
await testServer.server.idle()

it.each([
  ['-a', 0],
  ['has:attachment OR a', 800],
  ['-a OR is:read', 0],
  ['a', 800],
])('A search for %j looks up the index once and not for each message', async (query, count) => {
  const began = performance.now()
  expect(await testServer.reply('GET /v1/inbox/count', { query: { query } })).toEqual({ count })
  await testServer.reply('GET /v1/inbox', { query: { query } })
  expect(performance.now() - began).toBeLessThan(1500)
})

it('A wait for words looks up the index once and not for each message', async () => {
  const began = performance.now()
  await testServer.reply('GET /v1/inbox/wait', { query: { query: 'a', after: '2020-01-01' } })
  expect(performance.now() - began).toBeLessThan(1500)
})
