import { expect, it } from 'vitest'
import { addRelay, openLiveFixture, openSink } from '../delivery/live-fixture.ts'
import type { Call } from '../http-client.ts'
import { startTestServer } from '../test-server.ts'
import { until } from '../wait-for.ts'
import { openReceiver } from '../webhooks/webhook-fixture.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'findable' }
const html = `<p>${'much <b>text</b> '.repeat(20_000)}</p>`

it('A server that closes right after a deletion logs no error', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  for (let round = 0; round < 2; round++) {
    await testServer.reply('POST /v1/send', { body: mail, key })
    await testServer.reply('DELETE /v1/inbox')
    await testServer.restart()
  }
  expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(0)
})

it.each([0, 10, 30])(
  'A server that closes during its work, after %i responses, logs no error',
  async (count) => {
    const live = await openLiveFixture()
    const { testServer } = live
    const receiver = await openReceiver()
    await addRelay(live, await openSink())
    await testServer.reply('POST /v1/webhooks', {
      body: { url: receiver.url, events: ['captured', 'delivered'], secret: 'a secret of ours' },
    })
    const { key } = await testServer.makeKey()
    const { id } = await testServer.reply('POST /v1/send', { body: { ...mail, html }, key })
    let answered = 0
    const ask = async (line: string, call: Call = {}) => {
      const [method = '', path = ''] = line.split(' ')
      await testServer.ask(method, path, call).catch(() => null)
      answered += 1
    }
    const asking = [
      ...Array.from({ length: 20 }, () => ask('POST /v1/send', { body: mail, key })),
      ...Array.from({ length: 5 }, () => ask('POST /v1/send', { body: mail, key: live.key })),
      ask('GET /v1/inbox/wait?to=nobody@example.com&timeout=60'),
      ask('GET /v1/events'),
      ask('GET /v1/inbox?query=findable'),
      ask(`GET /v1/inbox/${id}/text`),
      ask(`GET /v1/inbox/${id}/extract`),
      ask(`GET /v1/inbox/${id}/structure`),
      ask(`POST /v1/inbox/${id}/view`),
      ask('POST /v1/inbox/export', { body: { ids: [id] } }),
      ask('GET /v1/backup'),
      ask('GET /v1/usage.csv'),
      ask('GET /v1/logs?search=x'),
      ask('GET /v1/outbox/summary'),
      ask('GET /v1/storage/retention?keep_messages=1'),
      ask('POST /v1/templates/preview', { body: { html: '{{ a }}', engine: 'liquid', data: {} } }),
      ask('DELETE /v1/inbox'),
    ]
    await until('the moment to close', () => answered >= count)
    await testServer.restart()
    await Promise.all(asking)
  },
)
