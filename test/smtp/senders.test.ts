import { describe, expect, it } from 'vitest'
import { readSenders } from '../../src-main/mime/header-senders.ts'
import { addRelay, openLiveFixture, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { startTestServer } from '../test-server.ts'
import { converse } from './conversation.ts'

const testServer = await startTestServer()
const bound = await testServer.makeKey({
  name: 'Shop',
  allowed_senders: ['example.com', 'ann@example.org', 'kate@kate.example'],
  permissions: ['send', 'inbox:read', 'inbox:write'],
})
const free = await testServer.makeKey({ permissions: ['send'] })

const evil = 'evil@evil.example'
const ok = 'From: Shop <shop@example.com>'
const end = '\r\n\r\nHello\r\n'

/** Header blocks that a bound key may not send, by name. */
const refused: Readonly<Record<string, string>> = {
  'another From': `From: ${evil}`,
  'a subdomain': 'From: shop@mail.example.com',
  'another address of a domain': 'From: bob@example.org',
  'a second From': `${ok}\r\nFrom: ${evil}`,
  'a second From in capitals, with a blank before its colon': `${ok}\r\nFROM : ${evil}`,
  'a first From that is folded': `From: Evil\r\n <${evil}>\r\n${ok}`,
  'a Sender': `${ok}\r\nSender: ${evil}`,
  'a Resent-From': `${ok}\r\nResent-From: ${evil}`,
  'two mailboxes': `From: shop@example.com, ${evil}`,
  'a group': `From: Team: shop@example.com, Evil <${evil}>;`,
  'a mailbox after a quoted one': `From: "shop@example.com" <${evil}>`,
  'a mailbox after a comment': `From: (shop@example.com) ${evil}`,
  'a comment within the domain': 'From: shop@example.com(.x).evil.example',
  'blanks within the domain': 'From: shop@example.com .evil.example',
  'an address as a name': `From: ${evil} <shop@example.com>`,
  'a route': `From: <@evil.example:shop@example.com>`,
  'two angles': `From: <${evil}> <shop@example.com>`,
  'an encoded address': 'From: =?utf-8?q?evil=40evil.example?=',
  'an encoded word with an address before an angle that is not closed':
    'From: =?utf-8?q?x?= <shop@example.com',
  'a quoted string without an end': `From: "Shop <shop@example.com>`,
  'a comment without an end': `From: (Shop <shop@example.com>`,
  'an escaped quote': `From: \\"Shop <shop@example.com>\\" <${evil}>`,
  'no address': 'From: Shop',
  nothing: 'From:',
  'a byte beyond ASCII in the domain': 'From: Shop <shop@ex\xffample.com>',
  'no From at all': 'Subject: none',
  'a second From of its own': `${ok}\r\nFrom: Shop <shop@example.com>`,
  'a From after a byte order mark': `\xef\xbb\xbfFrom: ${evil}`,
  'a From after a form feed': `\fFrom: ${evil}\r\n${ok}`,
  'a From after a space': ` From: ${evil}\r\n${ok}`,
  'a From after a byte order mark in the middle': `${ok}\r\n\xef\xbb\xbfFrom: ${evil}`,
  'a From with a control character in its name': `${ok}\r\nFr\x01om\x0b: ${evil}`,
  'a From with a folded colon': `From\r\n : ${evil}`,
  'a second From with a folded colon': `${ok}\r\nFrom\r\n : ${evil}`,
  'a From with a folded colon after blanks': `${ok}\r\nFrom \r\n\t: ${evil}`,
  'a Kelvin sign for a k': 'From: \xe2\x84\xaaate@kate.example',
  'a From after a bare CR': `${ok}\r\nX: y\rFrom: ${evil}`,
  'a From after a bare LF': `${ok}\r\nX: y\nFrom: ${evil}`,
  'a From after two bare LF': `${ok}\r\nX: y\n\nFrom: ${evil}`,
  'a From after a line that is no field': `${ok}\r\nno field\r\nFrom: ${evil}`,
  'a From after a leading blank line': `\r\nFrom: ${evil}`,
  'a From with a NUL in its name': `${ok}\r\nFr\0om: ${evil}`,
  'more addresses than are looked at': `From: ${'a@example.com, '.repeat(2000)}${evil}`,
  'a From after 256 KiB': `${ok}\r\n${`X: ${'y'.repeat(900)}\r\n`.repeat(300)}From: ${evil}`,
}

const accepted: Readonly<Record<string, string>> = {
  'an address alone': 'From: shop@example.com',
  'an address that is allowed by name': 'From: Ann <ANN@Example.ORG>',
  'a name in quotes and a comment': `From: "Shop, \\"the\\" one" <shop@example.com> (us)`,
  'a name that is an encoded word': 'From: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <shop@example.com>',
  'a name in UTF-8': 'From: Gr\xc3\xbc\xc3\x9fe <shop@example.com>',
  'a folded name': 'From: The\r\n Shop\r\n\t<shop@example.com>',
  'two allowed mailboxes': 'From: shop@example.com, Ann <ann@example.org>\r\nSender: a@example.com',
  'a group of allowed ones': 'From: Team: shop@example.com, ann@example.org;',
  'another address elsewhere': `${ok}\r\nTo: ${evil}\r\nReply-To: ${evil}\r\nX-From: ${evil}`,
  'a quoted mail in the body': `${ok}\r\n\r\nFrom: ${evil}\r\n`,
}

async function submit(key: string, header: string) {
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key)
  const raw = Buffer.from(`${header}${end}`, 'latin1')
  return conversation.send({ from: 'shop@example.com', to: ['b@example.net'], raw })
}

describe('A key with allowed_senders', () => {
  it.each(Object.entries(refused))('A bound key is refused %s', async (_, header) => {
    const reply = await submit(bound.key, header)
    expect(reply.code).toBe(550)
    expect(reply.lines.join(' ')).toMatch(/5\.7\.1 .*may send from: example\.com, ann@example\.org/)
  })

  it.each(Object.entries(accepted))('A bound key may send %s', async (_, header) => {
    expect((await submit(bound.key, header)).code).toBe(250)
  })

  it('The refusal of a bound key names the field, and another envelope is refused too', async () => {
    const reply = await submit(bound.key, `${ok}\r\nSender: ${evil}`)
    expect(reply.lines.join(' ')).toContain(`The field Sender of this message names ${evil}.`)
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', bound.key)
    const raw = `${ok}${end}`
    expect((await conversation.send({ from: evil, to: ['b@example.net'], raw })).code).toBe(550)
  })

  it('A bound key is refused another sender in both dialects of HTTP', async () => {
    const { key } = bound
    const mail = { to: 'b@example.net', subject: 's', text: 't' }
    const native = await testServer.request('POST /v1/send', { key, body: { ...mail, from: evil } })
    expectRefusal(native, 'sender_not_allowed')
    // A message of this dialect has the sender of the relay, or none.
    const body = { to: 'b@example.net', subject: 's', body: 'b' }
    const mailsage = await testServer.request('POST /api/v1/emails/send', { key, body })
    expectRefusal(mailsage, 'sender_not_allowed', '/api/v1')
    const sent = { ...mail, from: 'Shop <shop@example.com>' }
    expect((await testServer.request('POST /v1/send', { key, body: sent })).status).toBe(202)
  })
})

it('A bound key may not use an envelope with a letter that only looks like an allowed one', async () => {
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', bound.key)
  const mail = { to: ['b@example.net'], raw: `${ok}${end}` }
  expect((await conversation.send({ ...mail, from: '\u212aate@kate.example' })).code).toBe(550)
  expect((await conversation.send({ ...mail, from: 'KATE@Kate.Example' })).code).toBe(250)
})

it('A key without allowed_senders may use any sender', async () => {
  for (const header of Object.values(refused)) {
    const { code } = await submit(free.key, header)
    expect([250, 552]).toContain(code)
  }
})

it('A bound live key cannot release mail or test a relay with another sender', async () => {
  const live = await openLiveFixture()
  const sink = await openSink()
  const relay = await addRelay(live, sink, { from_email: evil })
  const { key } = await live.testServer.makeKey({
    mode: 'live',
    permissions: ['*'],
    allowed_senders: ['example.com'],
  })
  const body = `From: ${evil}\r\nTo: b@example.net\r\nSubject: s${end}`
  const { id } = await live.testServer.reply('POST /v1/inbox/import', {
    body,
    headers: { 'content-type': 'message/rfc822' },
  })
  const release = { key, params: { id }, body: { from: 'shop@example.com' } }
  const answer = await live.testServer.request('POST /v1/inbox/{id}/release', release)
  expectRefusal(answer, 'sender_not_allowed')
  const tested = await live.testServer.request('POST /v1/relays/{id}/test', {
    key,
    params: { id: relay.id },
    body: { recipient: 'b@example.net' },
  })
  expectRefusal(tested, 'sender_not_allowed')
  await live.testServer.server.idle()
  expect(sink.messages).toEqual([])
})

it('The senders of a header are read in linear time', () => {
  const texts = [
    (size: number) => `From: ${'('.repeat(size)}`,
    (size: number) => `From: ${'a@b,'.repeat(size / 4)}`,
    (size: number) => `From: ${'\r\n '.repeat(size / 3)}`,
    (size: number) => 'From: a\r\n'.repeat(size / 9),
    (size: number) => `From: ${'"\\"'.repeat(size / 3)}`,
    (size: number) => `From: ${'<'.repeat(size)}`,
    (size: number) => 'From: a@example.com\r\n'.repeat(size / 20),
    (size: number) => `From: ${'a@example.com,'.repeat(1000)}\r\n${'X: y\r\n'.repeat(size / 6)}`,
  ]
  const timeOf = (raw: Buffer): number => {
    const runs = Array.from({ length: 10 }, () => {
      const startedAt = performance.now()
      readSenders(raw)
      return performance.now() - startedAt
    })
    return Math.min(...runs)
  }
  for (const text of texts) {
    const [short, long] = [32_000, 256_000].map((size) => timeOf(Buffer.from(text(size))))
    // Eight times as long; quadratic work would take 64 times as long.
    expect((long ?? 0) / Math.max(short ?? 0, 0.1)).toBeLessThan(30)
  }
})
