import { expect, test } from 'vitest'
import { isAddress, normalAddress } from '../../src-main/contract/addresses.ts'
import { toWireAddress } from '../../src-main/outbound/wire-address.ts'
import { addRelay, emailOf, openLiveFixture, submitted } from '../delivery/live-fixture.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import { converse } from '../smtp/conversation.ts'
import { startSink } from '../smtp-sink.ts'
import { whenOver } from '../test-server.ts'
import { startRecordingSink } from './recording-sink.ts'

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
])(
  'A recipient that the relay refuses is not reported as delivered: %s',
  async (_kind, address) => {
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
  },
)

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

const pieces: [string, ...string[]] = [
  'ann',
  ...['b', '.', '@', '"', '\\', '<', '>', '(', ')', ',', ';', ':', ' ', '[', ']', '\t'],
  ...[
    '\u00e9',
    'e\u0301',
    '\u00df',
    '\u0130',
    '\u212a',
    '\u017f',
    '\uff45',
    '\u3002',
    '\uff0e',
    '\u00bd',
    '\u2460',
  ],
  ...[
    '\u200d',
    '\u200e',
    '\u202e',
    '\u2066',
    '\u00ad',
    '\u034f',
    '\ufe0f',
    '\u00a0',
    '\u3000',
    '\ufdfa',
    '\ufb01',
  ],
  ...[
    'xn--',
    '-',
    '_',
    '1',
    '=?utf-8?q?a?=',
    '\ud83d\ude00',
    '\u05d0',
    '\u0627',
    '\u0645',
    '%',
    '!',
    '+',
    '=',
    "'",
    '/',
  ],
]

/** Addresses of unusual pieces, all accepted by `isAddress`. */
function inventAddresses(count: number): readonly string[] {
  const random = createRandom(9)
  const invent = (most: number): string =>
    Array.from({ length: 1 + random.below(most) }, () => random.pick(pieces)).join('')
  const found = new Set<string>()
  while (found.size < count) {
    const local = random.below(2) === 0 ? invent(3) : `"${invent(4)}"`
    const address = normalAddress(`${local}@${invent(3)}.example`)
    if (isAddress(address)) found.add(address)
  }
  return [...found]
}

test('Every address that is accepted is composed, and leaves as it is stored', async () => {
  const fixture = await openLiveFixture()
  const recording = await startRecordingSink()
  await addRelay(fixture, recording)
  const addresses = inventAddresses(400)
  const [from = '', cc = '', replyTo = '', ...to] = addresses
  const { id } = await fixture.testServer.reply('POST /v1/send', {
    key: fixture.key,
    body: { from, to, cc, reply_to: replyTo, subject: 'x', text: 'x' },
  })
  await fixture.testServer.server.idle()
  const { deliveries } = await emailOf(fixture, id)
  expect(deliveries.filter(({ status }) => status !== 'delivered')).toEqual([])
  expect(deliveries.map(({ recipient }) => recipient)).toEqual([...to, cc])
  expect(recording.paths).toEqual([from, ...to, cc].map(toWireAddress))
})

test('A domain of compatibility characters is stored in the form in which it leaves', async () => {
  sink.rules.recipient = () => null
  const written = 'ann@\uff45vil.example'
  const { id } = await live.testServer.reply('POST /v1/send', {
    key: live.key,
    body: { from: 'app@example.com', to: written, subject: 'x', text: 'x' },
  })
  const conversation = await converse(live.testServer.server.smtpPort)
  await conversation.signIn('mailsage', live.key)
  expect(await conversation.send({ to: [written], raw: 'Subject: x\r\n\r\nx\r\n' })).toMatchObject({
    code: 250,
  })
  await live.testServer.server.idle()
  const { deliveries } = await emailOf(live, id)
  expect(deliveries.map(({ recipient }) => recipient)).toEqual(['ann@evil.example'])
  expect(sink.messages.at(-1)?.rcptTo).toEqual(['ann@evil.example'])
})
