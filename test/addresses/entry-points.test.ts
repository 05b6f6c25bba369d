import { describe, expect, test } from 'vitest'
import { addRelay, openLiveFixture } from '../delivery/live-fixture.ts'
import { startSink } from '../smtp-sink.ts'
import { type Line, whenOver } from '../test-server.ts'
import { badAddresses, severalAddresses } from './bad-addresses.ts'

const live = await openLiveFixture()
const { testServer } = live
const sink = await startSink()
whenOver(sink.close)
const { id: relay } = await addRelay(live, sink)
const { key } = await testServer.makeKey({
  mode: 'live',
  permissions: ['*'],
  rate_limit: { requests_per_minute: 1_000_000 },
})
const tenant = (await testServer.makeTenant('tenant_one')).id
const { id: template } = await testServer.reply('POST /v1/templates', {
  body: { name: 'Hello', subject: 'Hello', text: 'Hello' },
})
const { id: keyId } = await testServer.makeKey()
const { key: testKey } = await testServer.makeKey()
const mail = { from: 'app@example.com', to: 'ann@example.com', subject: 'Hello', text: 'Hello' }
const { id: captured } = await testServer.reply('POST /v1/send', { key: testKey, body: mail })
const hello = { subject: 'Hello', body: 'Hello' }
const newRelay = { name: 'Another', host: '127.0.0.1', port: sink.port, tls: 'none' }
const newConfig = {
  name: 'Another',
  host: '127.0.0.1',
  port: sink.port,
  username: 'u',
  password: 'p',
}
const config = relay.slice('relay_'.length)

type Entry = readonly [line: Line, params: Record<string, string>, body: (text: string) => unknown]

/** Fields that take one address. */
const single: readonly Entry[] = [
  ['POST /v1/send', {}, (text) => ({ ...mail, from: text })],
  ['POST /v1/templates/{id}/capture', { id: template }, (from) => ({ ...mail, from })],
  ['POST /v1/inbox/{id}/release', { id: captured }, (from) => ({ from })],
  ['POST /api/v1/emails/send', {}, (email) => ({ ...hello, recipient: { email } })],
  ['POST /api/v1/emails/send', {}, (to) => ({ ...hello, to })],
  ['POST /api/v1/emails/batch', {}, (email) => batch(email)],
  ['POST /api/v1/emails/send/batch', {}, (email) => batch(email)],
  ['POST /v1/relays', {}, (from_email) => ({ ...newRelay, from_email })],
  ['PATCH /v1/relays/{id}', { id: relay }, (from_email) => ({ from_email })],
  ['POST /v1/relays/{id}/test', { id: relay }, (recipient) => ({ recipient })],
  ['POST /api/v1/smtp/configs', {}, (from_email) => ({ ...newConfig, from_email })],
  ['PUT /api/v1/smtp/configs/{id}', { id: config }, (from_email) => ({ from_email })],
  ['POST /api/v1/smtp/configs/{id}/test', { id: config }, (recipient) => ({ recipient })],
  ['POST /api/v1/smtp/configs/{id}/test', { id: config }, (to_email) => ({ to_email })],
  ['POST /v1/tenants', {}, (reply_to) => ({ name: 'Two', settings: { reply_to } })],
  ['PUT /v1/tenants/{id}', { id: tenant }, (reply_to) => ({ settings: { reply_to } })],
]

/** Fields that take an address list. */
const many: readonly Entry[] = [
  ['POST /v1/send', {}, (to) => ({ ...mail, to })],
  ['POST /v1/send', {}, (to) => ({ ...mail, to: ['ann@example.com', to] })],
  ['POST /v1/send', {}, (cc) => ({ ...mail, cc })],
  ['POST /v1/send', {}, (bcc) => ({ ...mail, bcc: [bcc] })],
  ['POST /v1/send', {}, (reply_to) => ({ ...mail, reply_to })],
  ['POST /v1/templates/{id}/capture', { id: template }, (to) => ({ ...mail, to })],
  ['POST /v1/inbox/{id}/release', { id: captured }, (to) => ({ to: [to] })],
]

const senders: readonly Entry[] = [
  ['POST /v1/api-keys', {}, (text) => ({ name: 'New', allowed_senders: [text] })],
  ['PATCH /v1/api-keys/{id}', { id: keyId }, (text) => ({ allowed_senders: [text] })],
  [
    'POST /v1/tenants/{id}/api-keys',
    { id: tenant },
    (text) => ({ name: 'New', allowed_senders: [text] }),
  ],
]

const batch = (email: string) => ({
  ...hello,
  recipients: [{ email: 'ann@example.com' }, { email }],
})

const titled = (entries: readonly Entry[]) =>
  entries.map((entry) => [`${entry[0]} ${JSON.stringify(entry[2]('…'))}`, entry] as const)

async function refuses([line, params, body]: Entry, text: string): Promise<string> {
  const answer = await testServer.request(line, { key, params, body: body(text) })
  const { message } = answer.body as { readonly message: string }
  expect([answer.status, message], JSON.stringify(text)).toEqual([400, expect.any(String)])
  // Logs and terminals show the sentence, so it contains no control characters.
  expect(message).not.toMatch(/[\p{Cc}\p{Zl}]/u)
  expect(message).toMatch(/[.:] .+[^.]\.$/)
  return message
}

async function leavesNothing(action: () => Promise<void>): Promise<void> {
  const before = sink.connections
  const { events } = await testServer.witness(action)
  expect(events.filter(({ type }) => type !== 'request')).toEqual([])
  expect(sink.connections).toBe(before)
}

describe('Text that is not one address', () => {
  test.each(titled([...single, ...many]))(
    'Invalid addresses are refused with 400, and nothing is stored or sent: %s',
    async (_title, entry) => {
      await leavesNothing(async () => {
        for (const [text, found] of badAddresses) {
          expect(await refuses(entry, text)).toMatch(found)
        }
        expect(await refuses(entry, '')).toMatch(/no address|is empty/)
      })
    },
  )

  test.each(titled(senders))(
    'Invalid senders are refused with 400, and nothing is stored: %s',
    async (_title, entry) => {
      await leavesNothing(async () => {
        for (const [text] of badAddresses.filter(([bad]) => bad.trim().includes('@'))) {
          if (text.trim() === text) await refuses(entry, text)
        }
      })
    },
  )
})

describe('An address list for one address', () => {
  test.each(titled([...single, ...senders]))(
    'A list is refused with 400 where one address is expected: %s',
    async (_title, entry) => {
      await leavesNothing(async () => {
        for (const text of severalAddresses) await refuses(entry, text)
      })
    },
  )
})

test('A list names all its addresses where a list is allowed', async () => {
  for (const to of severalAddresses) {
    const { id } = await testServer.reply('POST /v1/send', {
      key: testKey,
      body: { ...mail, to, cc: to.replaceAll('@', '.cc@'), bcc: to.replaceAll('@', '.bcc@') },
    })
    const { envelope } = await testServer.reply('GET /v1/inbox/{id}', { params: { id } })
    expect(envelope.rcpt_to).toEqual([
      'b@x.example',
      'evil@evil.example',
      'b.cc@x.example',
      'evil.cc@evil.example',
      'b.bcc@x.example',
      'evil.bcc@evil.example',
    ])
  }
})

test('More than 1000 recipients in one text are refused, not cut off', async () => {
  const to = Array.from({ length: 1001 }, (_, index) => `n${index}@x.example`).join(', ')
  const answer = await testServer.request('POST /v1/send', { key: testKey, body: { ...mail, to } })
  expect(answer).toMatchObject({ status: 400, body: { name: 'too_many_recipients' } })
})
