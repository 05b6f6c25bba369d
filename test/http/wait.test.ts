import { request as open } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../fixtures/mail/random.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { until } from '../wait-for.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const key = await testServer.makeKey({
  permissions: ['send', 'inbox:read', 'inbox:write'],
  inbox: 'shop',
  rate_limit: { requests_per_minute: 1_000_000 },
})
const { id: tenant } = await testServer.reply('POST /v1/tenants', { body: { name: 'A tenant' } })
const line = 'GET /v1/inbox/wait'

async function send(fields: Readonly<Record<string, unknown>> = {}, from = key.key) {
  const body = { from: 'a@example.com', to: 'ann@example.com', subject: 'x', text: 'x', ...fields }
  return (await testServer.reply('POST /v1/send', { key: from, body })).id
}

const underWay = () => testServer.server.domain.waits.count()

/** A wait that the server has accepted; boxed, so that no caller awaits its end by mistake. */
async function hold(query: Readonly<Record<string, string | number>>, asking = key.key) {
  const answer = testServer.request(line, { key: asking, query })
  await until('the relay holds the wait', () => underWay() === 1)
  return { answer }
}

/** Messages of earlier tests are older than the default window. */
const forget = () => clock.advance(60_000)

describe('GET /v1/inbox/wait', () => {
  it('A message that arrives during the wait is returned with its links and codes', async () => {
    forget()
    const { value, events } = await testServer.witness(async () => {
      const held = await hold({ to: 'Ann@Example.com' })
      const id = await send({
        subject: 'Your code',
        html: '<p>Your code is <b>482913</b>. <a href="https://app.example.com/in?t=1">Sign in</a></p>',
      })
      return { id, answer: await held.answer }
    })
    expect(value.answer.status).toBe(200)
    expect(value.answer.body).toMatchObject({
      id: value.id,
      inbox: 'shop',
      subject: 'Your code',
      envelope: { rcpt_to: ['ann@example.com'] },
      links: [{ url: 'https://app.example.com/in?t=1', text: 'Sign in' }],
      codes: ['482913'],
    })
    expect(events.filter(({ type }) => type !== 'request').map(({ type }) => type)).toEqual([
      'captured',
    ])
    expect(underWay()).toBe(0)
  })

  it('A message of the last ten seconds is found, the newest first, and no older one', async () => {
    forget()
    await send({ subject: 'old' })
    clock.advance(10_001)
    expectRefusal(
      await testServer.request(line, { key: key.key, query: { timeout: 0 } }),
      'request_timeout',
    )
    await send({ subject: 'one' })
    const two = await send({ subject: 'two' })
    expect(await testServer.reply(line, { key: key.key })).toMatchObject({ id: two })
  })

  it('The parameter `after` accepts only messages after that id or time', async () => {
    forget()
    const first = await send()
    const held = await hold({ after: first })
    const second = await send()
    expect((await held.answer).body).toMatchObject({ id: second })
    const query = { after: new Date(clock.now() - 3_600_000).toISOString(), subject: 'x' }
    expect(await testServer.reply(line, { key: key.key, query })).toMatchObject({ id: second })
    const later = { after: new Date(clock.now() + 1000).toISOString(), timeout: 0 }
    expectRefusal(await testServer.request(line, { key: key.key, query: later }), 'request_timeout')
  })

  it.each([
    ['a whole address', { to: 'ann@example.com' }, { to: 'joann@example.com' }],
    ['a part of an address', { to: '@else.example' }, { to: 'ann@example.com' }],
    ['a part of the subject', { subject: 'ÜBER' }, { subject: 'unter' }],
    ['words', { query: 'invoice paid' }, { text: 'an invoice' }],
    ['an inbox', { inbox: 'shop' }, { from: 'other' }],
  ])('Messages that do not match are skipped: %s', async (_, query, wrong) => {
    forget()
    const other = await testServer.makeKey({ inbox: 'other' })
    const held = await hold(query as Record<string, string>)
    await send({ ...wrong, from: 'a@example.com' }, 'from' in wrong ? other.key : key.key)
    await testServer.server.idle()
    expect(underWay()).toBe(1)
    const right = await send({
      to: ['bob@else.example', 'ann@example.com'],
      subject: 'Alles über uns',
      text: 'The invoice was paid.',
    })
    expect((await held.answer).body).toMatchObject({ id: right })
  })

  it('A blind copy is found by its envelope', async () => {
    forget()
    const id = await send({ bcc: 'hidden@example.com' })
    const query = { to: 'hidden@example.com' }
    expect(await testServer.reply(line, { key: key.key, query })).toMatchObject({ id })
  })

  it('Words of an earlier message are found, indexed or not', async () => {
    forget()
    const id = await send({ text: 'A word such as zanzibar' })
    const query = { query: 'zanzib' }
    expect(await testServer.reply(line, { key: key.key, query })).toMatchObject({ id })
    expect(await testServer.reply(line, { key: key.key, query })).toMatchObject({ id })
  })

  it('Every message after an old id is searched', { timeout: 60_000 }, async () => {
    const needle = await send({ to: 'needle@example.com' })
    for (let batch = 0; batch < 13; batch++) {
      await Promise.all(Array.from({ length: 50 }, () => send()))
    }
    forget()
    const query = { after: 'msg_0', to: 'needle@example.com', timeout: 0 }
    expect(await testServer.reply(line, { key: key.key, query })).toMatchObject({ id: needle })
  })

  it('A wait that ends without a match answers 408 with the messages that arrived', async () => {
    forget()
    const held = await hold({ subject: 'Receipt', timeout: 5 })
    const id = await send({ subject: 'Welcome', to: 'bob@example.com' })
    await testServer.server.idle()
    clock.advance(5000)
    const answer = await held.answer
    expect(expectRefusal(answer, 'request_timeout')).toMatch(/within 5 seconds.*details\.arrived/)
    expect((answer.body as { error: { details: unknown } }).error.details).toEqual({
      arrived: [
        {
          id,
          inbox: 'shop',
          from: { name: null, address: 'a@example.com' },
          to: ['bob@example.com'],
          subject: 'Welcome',
          received_at: expect.any(String),
        },
      ],
    })
    forget()
    const none = await testServer.request(line, { key: key.key, query: { timeout: 0 } })
    expect(expectRefusal(none, 'request_timeout')).toMatch(/No other message arrived either/)
  })

  it('A wait sees the messages of its own tenant only', async () => {
    forget()
    const own = await testServer.makeKey({
      permissions: ['send', 'inbox:read'],
      tenant_id: tenant,
    })
    const held = await hold({}, own.key)
    await send()
    await testServer.server.idle()
    expect(underWay()).toBe(1)
    const id = await send({}, own.key)
    expect((await held.answer).body).toMatchObject({ id })
  })

  it('A wait ends when its client disconnects', async () => {
    const outgoing = open(`${testServer.url}/v1/inbox/wait?subject=never&timeout=240`, {
      headers: { authorization: `Bearer ${key.key}` },
    })
    outgoing.on('error', () => undefined)
    outgoing.end()
    await until('it holds', () => underWay() === 1)
    outgoing.destroy()
    await until('it is forgotten', () => underWay() === 0)
  })

  it('Two hundred waits at once each get their own message', { timeout: 60_000 }, async () => {
    forget()
    const names = Array.from({ length: 200 }, (_, index) => `person-${index}@example.com`)
    const held = names.map((to) =>
      testServer.request(line, { key: key.key, query: { to, timeout: 60 } }),
    )
    await until('all hold', () => underWay() === names.length)
    await Promise.all(names.map((to) => send({ to, subject: to })))
    const answers = await Promise.all(held)
    expect(answers.map(({ body }) => (body as { subject: string }).subject)).toEqual(names)
    expect(underWay()).toBe(0)
  })

  it.each([
    ['timeout', '241', /240 or less/],
    ['timeout', 'soon', /must be a number/],
    ['timeout', '-1', /0 or more/],
    ['inbox', '../x', /letters, digits/],
    ['to', '', /at least 1 character/],
  ])('The parameter %s=%s is refused', async (name, value, sentence) => {
    const answer = await testServer.request(line, { key: key.key, query: { [name]: value } })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('Random parameters get a declared response', { timeout: 60_000 }, async () => {
    const random = createRandom(4)
    const words = [
      '',
      ' ',
      '-1',
      'null',
      '%',
      "' OR 1=1 --",
      '{"a":1}',
      '"',
      'msg_',
      '9999-12-31T23:59:59Z',
      'a@',
      '@',
      'NEAR(',
      '*',
      'x'.repeat(400),
    ]
    for (let round = 0; round < 300; round++) {
      const query = Object.fromEntries(
        ['to', 'subject', 'query', 'after', 'inbox']
          .filter(() => random.chance(0.4))
          .map((name) => [name, random.pick(words as [string, ...string[]])]),
      )
      const answer = await testServer.request(line, {
        key: key.key,
        query: { ...query, timeout: 0 },
      })
      expect([200, 400, 408]).toContain(answer.status)
    }
  })

  it('A wait ends when the server closes', async () => {
    const other = await startTestServer()
    const held = other.request(line, { query: { timeout: 240 } }).catch(() => 'closed')
    await until('it holds', () => other.server.domain.waits.count() === 1)
    await other.restart()
    expect(await held).toBe('closed')
  })
})

describe('GET /v1/inbox/{id}/extract', () => {
  it('The links and codes of the text and the HTML are returned', async () => {
    const id = await send({
      subject: 'Sign in',
      text: 'Your code: 482-913\nor open https://a.example/text.',
      html: '<a href="https://a.example/html"><img src="x" alt="Open"></a>',
    })
    expect(await testServer.reply('GET /v1/inbox/{id}/extract', { params: { id } })).toEqual({
      links: [
        { url: 'https://a.example/html', text: 'Open' },
        { url: 'https://a.example/text', text: null },
      ],
      codes: ['482913'],
    })
  })

  it('The code of the HTML is returned when the text part has none', async () => {
    const id = await send({
      text: 'Open this mail in another program.',
      html: '<table><tr><td>Verification code</td></tr><tr><td>482913</td></tr></table>',
    })
    const { codes } = await testServer.reply('GET /v1/inbox/{id}/extract', { params: { id } })
    expect(codes).toEqual(['482913'])
  })

  it('An unknown message and one of another tenant are not found', async () => {
    const params = { id: await send() }
    const own = await testServer.makeKey({ permissions: ['inbox:read'], tenant_id: tenant })
    const lines = ['GET /v1/inbox/{id}/extract'] as const
    expectRefusal(await testServer.request(lines[0], { params: { id: 'msg_none' } }), 'not_found')
    expectRefusal(await testServer.request(lines[0], { params, key: own.key }), 'not_found')
  })
})
