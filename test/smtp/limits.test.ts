import { describe, expect, test } from 'vitest'
import { maxMessageBytes } from '../../src-main/domain/messages/accept.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { type Conversation, converse, stuffed } from './conversation.ts'

const raw = 'Subject: Within limits\r\n\r\nHello.\r\n'
const minuteMs = 60_000
const dayMs = 86_400_000

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })

async function signedIn(key: string): Promise<Conversation> {
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key)
  return conversation
}

describe('The rate limit over SMTP', () => {
  test('A key over its rate gets 451 4.7.1 until the bucket fills again', async () => {
    const { id, key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 2 } })
    const conversation = await signedIn(key)
    for (let number = 0; number < 3; number += 1) {
      expect((await conversation.send({ raw })).code).toBe(250)
    }
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(451)
    expect(answer.lines[0]).toMatch(/^4\.7\.1 .*2 requests a minute/)
    expect(events).toMatchObject([
      {
        type: 'request',
        keyId: id,
        data: {
          route: 'SMTP',
          status: 451,
          outcome: 'rate_limited',
          fault: 'rate_limit_exceeded',
        },
      },
    ])
    clock.advance(minuteMs / 2)
    const later = await signedIn(key)
    expect((await later.send({ raw })).code).toBe(250)
  })

  test('HTTP and SMTP share one rate limit', async () => {
    const { key } = await testServer.makeKey({
      rate_limit: { requests_per_minute: 2 },
      permissions: ['send', 'inbox:read'],
    })
    for (let number = 0; number < 3; number += 1) await testServer.reply('GET /v1/inbox', { key })
    const conversation = await signedIn(key)
    expect((await conversation.send({ raw })).code).toBe(451)
    const answer = await testServer.request('GET /v1/inbox', { key })
    expect(answer.status).toBe(429)
  })

  test('The rate limit survives a restart', async () => {
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1 } })
    const before = await signedIn(key)
    for (let number = 0; number < 2; number += 1) await before.send({ raw })
    await testServer.restart()
    const after = await signedIn(key)
    expect((await after.send({ raw })).code).toBe(451)
  })

  test('A key over its daily limit gets 451 4.7.1 until midnight UTC', async () => {
    const { id, key } = await testServer.makeKey({ rate_limit: { emails_per_day: 2 } })
    const conversation = await signedIn(key)
    await conversation.send({ raw })
    await conversation.send({ raw })
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(451)
    expect(answer.lines[0]).toMatch(/^4\.7\.1 .*2 emails a day/)
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'daily_limit_exceeded' } },
    ])
    clock.advance(dayMs)
    const tomorrow = await signedIn(key)
    expect((await tomorrow.send({ raw })).code).toBe(250)
  })

  test('Mail without a key has no rate limit', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    for (let number = 0; number < 50; number += 1) {
      expect((await conversation.send({ raw })).code).toBe(250)
    }
  })
})

describe('The message size over SMTP', () => {
  test('A message with a SIZE over the limit is refused before DATA', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.say(`MAIL FROM:<app@example.com> SIZE=${maxMessageBytes + 1}`)
    expect(answer.code).toBe(552)
    expect(answer.lines[0]).toMatch(/^5\.3\.4 /)
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A SIZE of 20 digits is refused with a readable size', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.say(`MAIL FROM:<app@example.com> SIZE=${'9'.repeat(20)}`)
    expect(answer.code).toBe(552)
    expect(answer.lines[0]).toMatch(/^5\.3\.4 The message has more than 1024 MiB/)
  })

  test('A SIZE at the limit is accepted', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.say(`MAIL FROM:<app@example.com> SIZE=${maxMessageBytes}`)
    expect(answer.code).toBe(250)
  })

  test('A message over the limit without SIZE is refused at its end, and the session continues', async () => {
    const { id, key } = await testServer.makeKey()
    const conversation = await signedIn(key)
    const head = 'Subject: Too large\r\n\r\n'
    const large = Buffer.alloc(maxMessageBytes + 2, `${'x'.repeat(998)}\r\n`)
    const { value: answer, events } = await testServer.witness(() =>
      conversation.send({ raw: Buffer.concat([Buffer.from(head), large]) }),
    )
    expect(answer.code).toBe(552)
    expect(answer.lines[0]).toMatch(/^5\.3\.4 .*the maximum is 25 MiB/)
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'message_too_large' } },
    ])
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A message of exactly the largest size is accepted unchanged', async () => {
    const { key } = await testServer.makeKey({ inbox: 'largest' })
    const conversation = await signedIn(key)
    const largest = Buffer.alloc(maxMessageBytes, `${'x'.repeat(998)}\r\n`)
    largest.write('\r\n', maxMessageBytes - 2, 'latin1')
    expect((await conversation.send({ raw: largest })).code).toBe(250)
    const { data } = await testServer.reply('GET /v1/inbox', { query: { inbox: 'largest' } })
    expect(data).toMatchObject([{ size_bytes: maxMessageBytes }])
  })
})

describe('The number of recipients over SMTP', () => {
  test('Of 1,001 recipients the last gets 452 4.5.3, and the others are accepted', async () => {
    const { id, key } = await testServer.makeKey({ inbox: 'many' })
    const conversation = await signedIn(key)
    await conversation.say('MAIL FROM:<app@example.com>')
    const commands = Array.from({ length: 1000 }, (_, n) => `RCPT TO:<reader${n}@example.com>\r\n`)
    conversation.write(commands.join(''))
    for (let number = 0; number < 1000; number += 1) {
      expect((await conversation.reply()).code).toBe(250)
    }
    const { value: answer, events } = await testServer.witness(() =>
      conversation.say('RCPT TO:<one.more@example.com>'),
    )
    expect(answer.code).toBe(452)
    expect(answer.lines[0]).toMatch(/^4\.5\.3 .*1000 recipients/)
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'too_many_recipients' } },
    ])
    await conversation.say('DATA')
    conversation.write(stuffed(raw))
    expect((await conversation.reply()).code).toBe(250)
    const { data } = await testServer.reply('GET /v1/inbox', { query: { inbox: 'many' } })
    const detail = await testServer.reply('GET /v1/inbox/{id}', {
      params: { id: data[0]?.id ?? '' },
    })
    expect(detail.envelope.rcpt_to).toHaveLength(1000)
    expect(detail.envelope.rcpt_to).not.toContain('one.more@example.com')
  })
})
