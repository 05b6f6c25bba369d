import { expect, test } from 'vitest'
import { addRelay, emailOf, openLiveFixture, submitted } from '../delivery/live-fixture.ts'
import { startSink } from '../smtp-sink.ts'
import { whenOver } from '../test-server.ts'

const live = await openLiveFixture()
const sink = await startSink()
whenOver(sink.close)
await addRelay(live, sink)

test.each([
  ['another case of the domain', 'ann@EXAMPLE.com'],
  ['an international domain', 'ann@пример.рф'],
  ['an international domain in ASCII', 'ann@XN--e1afmkfd.xn--p1ai'],
  ['an international address', 'анна@пример.рф'],
  ['a quoted local part', '"ann lee"@example.com'],
  ['an address in a quoted local part', '"ann@evil.example, x"@example.com'],
  ['a domain literal', 'ann@[127.0.0.1]'],
])('A recipient that the relay refuses is not told as delivered: %s', async (_kind, address) => {
  const before = sink.messages.length
  sink.rules.recipient = (recipient) =>
    recipient.startsWith('bob@') ? null : '550 5.1.1 No such user'
  const id = await submitted(live, { to: [address, 'bob@example.com'] })
  await live.testServer.server.idle()
  const { deliveries } = await emailOf(live, id)
  expect(deliveries).toMatchObject([
    { recipient: address, status: 'bounced', last_reply: expect.stringMatching(/^5\d\d /) },
    { recipient: 'bob@example.com', status: 'delivered' },
  ])
  expect(sink.messages.slice(before).map(({ rcptTo }) => rcptTo)).toEqual([['bob@example.com']])
})

test('Two spellings of one domain are two recipients, and each has its own status', async () => {
  sink.rules.recipient = () => '550 5.1.1 No such user'
  const to = ['ann@EXAMPLE.com', 'ann@example.com']
  const { id } = await live.testServer.reply('POST /v1/send', {
    key: live.key,
    body: { from: 'app@example.com', to, subject: 'x', text: 'x' },
  })
  await live.testServer.server.idle()
  const { deliveries } = await emailOf(live, id)
  expect(deliveries.map(({ status }) => status)).toEqual(['bounced', 'bounced'])
})
