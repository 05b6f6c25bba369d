import { describe, expect, it } from 'vitest'
import { createWrongKeys } from '../../src-main/domain/auth/wrong-keys.ts'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

const wrong = 'ms_test_00000000xxxxxxxxxxxxxxxxxxxxxxxx000000'
const raw = 'Subject: With a key\r\n\r\nHello.\r\n'
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const auth = `AUTH PLAIN ${base64(`\0mailsage\0${wrong}`)}`

async function openStill() {
  const clock = createTestClock()
  return { clock, testServer: await startTestServer({ environment: { clock } }) }
}

async function sendWrong(testServer: TestServer, count: number): Promise<number[]> {
  const statuses: number[] = []
  while (statuses.length < count)
    statuses.push((await testServer.request('GET /v1/session', { key: wrong })).status)
  return statuses
}

describe('An address that sends wrong keys', () => {
  it('Twenty wrong keys get 401, then 429 with Retry-After, and later 401 again', async () => {
    const { clock, testServer } = await openStill()
    const statuses = await sendWrong(testServer, 30)
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(10).fill(429)])
    const answer = await testServer.request('POST /api/v1/emails/send', { key: wrong, body: mail })
    expectRefusal(answer, 'too_many_wrong_keys', '/api/v1')
    expect(answer.headers['retry-after']).toBe('3')
    clock.advance(3_000)
    expect(await sendWrong(testServer, 2)).toEqual([401, 429])
  })

  it('HTTP and SMTP count the wrong keys of an address together, and SMTP disconnects', async () => {
    const { testServer } = await openStill()
    await sendWrong(testServer, 20)
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.say(auth)
    expect(answer).toMatchObject({
      code: 421,
      lines: [expect.stringMatching(/^4\.7\.0 .*Wait 3 s/)],
    })
    await conversation.closedByServer()
    const { data } = await testServer.reply('GET /v1/logs', { query: { type: 'junk' } })
    expect(data[0]).toMatchObject({ route: 'SMTP', status: 421, fault: 'too_many_wrong_keys' })
  })

  it('A valid key of an address with many wrong keys is accepted by both listeners', async () => {
    const { testServer } = await openStill()
    const { key } = await testServer.makeKey()
    expect((await sendWrong(testServer, 60)).at(-1)).toBe(429)
    expect((await testServer.request('POST /v1/send', { key, body: mail })).status).toBe(202)
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  it('Requests without a key or without a permission do not count as wrong keys', async () => {
    const { testServer } = await openStill()
    const { key } = await testServer.makeKey({ permissions: [] })
    for (let count = 0; count < 40; count++) {
      expect((await testServer.request('GET /v1/inbox', { key: null })).status).toBe(401)
      expect((await testServer.request('GET /v1/inbox', { key })).status).toBe(403)
    }
    expect(await sendWrong(testServer, 1)).toEqual([401])
  })

  it('Wrong keys for /metrics from another machine count', async () => {
    const clock = createTestClock()
    const env = { MAILSAGE_TRUSTED_PROXIES: '127.0.0.1' }
    const testServer = await startTestServer({ environment: { clock }, env })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const statuses: number[] = []
    for (let count = 0; count < 21; count++) {
      const headers = from(`2001:db8::${count}`)
      statuses.push((await testServer.request('GET /metrics', { key: wrong, headers })).status)
    }
    // A /64 is one address, the next one another.
    expect(statuses).toEqual([...Array(20).fill(401), 429])
    const headers = from('2001:db8:0:1::1')
    expect((await testServer.request('GET /metrics', { key: wrong, headers })).status).toBe(401)
  })
})

describe('An SMTP connection with wrong keys', () => {
  it('The fifth wrong key ends the connection with 421 4.7.0, and later commands are dropped', async () => {
    const { testServer } = await openStill()
    const conversation = await converse(testServer.server.smtpPort)
    conversation.write(`${auth}\r\n`.repeat(5000))
    const codes: number[] = []
    while (codes.at(-1) !== 421) codes.push((await conversation.reply()).code)
    expect(codes).toEqual([535, 535, 535, 535, 421])
    await conversation.closedByServer()
  })
})

it('Two hundred concurrent wrong keys all get a response', async () => {
  const { testServer } = await openStill()
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => testServer.request('GET /v1/session', { key: wrong })),
  )
  const sorted = answers.map(({ status }) => status).sort()
  expect(sorted).toEqual([...Array(20).fill(401), ...Array(180).fill(429)])
})

it('At most 64 responses of an address are delayed at a time, each by half a second', async () => {
  const due: (() => void)[] = []
  const delays: number[] = []
  const wrongKeys = createWrongKeys({
    clock: {
      ...createTestClock(),
      after(delayMs, call) {
        delays.push(delayMs)
        due.push(call)
        return () => undefined
      },
    },
  })
  const held = Array.from({ length: 64 }, () => wrongKeys.delayRefusal('192.0.2.1'))
  expect(await wrongKeys.delayRefusal('192.0.2.1')).toBe(false)
  expect(new Set(delays)).toEqual(new Set([500]))
  void wrongKeys.delayRefusal('192.0.2.2')
  expect(due).toHaveLength(65)
  for (const call of due) call()
  expect(await Promise.all(held)).toEqual(held.map(() => true))
})

it('Wrong keys of any number of addresses use bounded memory; the latest are kept', () => {
  const wrongKeys = createWrongKeys({ clock: createTestClock() })
  const isRefused = (address: string) => wrongKeys.count(address) !== null
  for (let count = 0; count < 21; count++) isRefused('192.0.2.1')
  expect(isRefused('192.0.2.1')).toBe(true)
  for (let number = 0; number < 9_999; number++)
    isRefused(`10.0.${Math.floor(number / 250)}.${number % 250}`)
  expect(isRefused('192.0.2.1')).toBe(true)
  for (let number = 0; number < 10_000; number++)
    isRefused(`10.1.${Math.floor(number / 250)}.${number % 250}`)
  expect(isRefused('192.0.2.1')).toBe(false)
})
