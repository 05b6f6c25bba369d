import { describe, expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const sender = await testServer.makeKey({ permissions: ['send', 'logs:read'] })
const mail = { from: 'hello@example.com', to: 'ann@example.com', subject: 'Hello', text: 'Hi Ann' }
const hourMs = 3_600_000

const post = (body: unknown, name?: string, key = sender.key) =>
  testServer.request('POST /v1/send', {
    key,
    body,
    headers: name ? { 'idempotency-key': name } : {},
  })

const email = (id: string) => testServer.reply('GET /v1/emails/{id}', { params: { id } })
const idOf = (answer: { body: unknown }) => (answer.body as { id: string }).id

describe('Idempotency-Key', () => {
  it('A repeat gets the first response, and the message is sent once', async () => {
    const { value: answers, events } = await testServer.witness(async () => [
      await post(mail, 'order-1'),
      await post(mail, 'order-1'),
      ...(await Promise.all([post(mail, 'order-2'), post(mail, 'order-2')])),
    ])
    const [first, second, third, fourth] = answers.map(idOf)
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
    expect(second).toBe(first)
    expect(fourth).toBe(third)
    expect(third).not.toBe(first)
    expect(events.filter(({ type }) => type === 'captured')).toHaveLength(2)
  })

  it('The same Idempotency-Key with another body is refused', async () => {
    await post(mail, 'order-3')
    const answer = await post({ ...mail, subject: 'Other' }, 'order-3')
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ error: { code: 'conflict' } })
  })

  it('An Idempotency-Key belongs to its API key, lasts 24 hours and survives a restart', async () => {
    const other = await testServer.makeKey({ permissions: ['send'] })
    const first = idOf(await post(mail, 'order-4'))
    expect(idOf(await post(mail, 'order-4', other.key))).not.toBe(first)
    await testServer.restart()
    clock.advance(23 * hourMs)
    expect(idOf(await post(mail, 'order-4'))).toBe(first)
    clock.advance(2 * hourMs)
    expect(idOf(await post(mail, 'order-4'))).not.toBe(first)
  })

  it('A refused send may be repeated with its Idempotency-Key', async () => {
    const wrong = { ...mail, to: 'nobody' }
    expect((await post(wrong, 'order-5')).status).toBe(400)
    expect((await post(mail, 'order-5')).status).toBe(202)
  })

  it('An Idempotency-Key works for MailSage’s sends and batches', async () => {
    const one = { recipient: { email: 'ann@example.com' }, subject: 'Hi', body: 'x' }
    const many = { recipients: [{ email: 'ann@example.com' }], subject: 'Hi', body: 'x' }
    for (const [line, body] of [
      ['POST /api/v1/emails/send', one],
      ['POST /api/v1/emails/batch', many],
    ] as const) {
      const call = { key: sender.key, body, headers: { 'idempotency-key': `m-${line}` } }
      const [first, second] = [
        await testServer.request(line, call),
        await testServer.request(line, call),
      ]
      expect(second.body).toEqual(first.body)
    }
  })

  it('An Idempotency-Key over 256 characters is refused', async () => {
    expect((await post(mail, 'x'.repeat(257))).status).toBe(400)
  })
})

describe('scheduled_at', () => {
  const at = (ms: number) => new Date(clock.now() + ms).toISOString()

  it('A scheduled message is sent at its time, with the id of the response', async () => {
    const due = at(2 * hourMs)
    const answer = await post({ ...mail, subject: 'Later', scheduled_at: due, tags: ['t'] })
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ status: 'scheduled' })
    const id = idOf(answer)
    expect(await email(id)).toMatchObject({
      status: 'scheduled',
      scheduled_at: due,
      subject: 'Later',
      tags: ['t'],
    })
    const { data } = await testServer.reply('GET /v1/emails', { query: { status: 'scheduled' } })
    expect(data.map((entry) => entry.id)).toContain(id)
    expect((await testServer.request('GET /v1/inbox/{id}', { params: { id } })).status).toBe(404)
    await testServer.server.idle()
    clock.advance(2 * hourMs)
    await testServer.server.idle()
    expect(await email(id)).toMatchObject({ status: 'captured', scheduled_at: null, tags: ['t'] })
  })

  it('A schedule can be changed and cancelled until the message is sent', async () => {
    const id = idOf(await post({ ...mail, scheduled_at: at(hourMs) }))
    const params = { id }
    const moved = await testServer.reply('PATCH /v1/emails/{id}', {
      key: sender.key,
      params,
      body: { scheduled_at: at(5 * hourMs) },
    })
    expect(moved.scheduled_at).toBe(at(5 * hourMs))
    await testServer.server.idle()
    clock.advance(2 * hourMs)
    await testServer.server.idle()
    expect((await email(id)).status).toBe('scheduled')
    const { value: cancelled, events } = await testServer.witness(() =>
      testServer.reply('POST /v1/emails/{id}/cancel', { key: sender.key, params }),
    )
    expect(cancelled.status).toBe('cancelled')
    expect(events.map(({ type }) => type)).toContain('cancelled')
    const again = await testServer.request('POST /v1/emails/{id}/cancel', {
      key: sender.key,
      params,
    })
    expect(again.status).toBe(409)
    const late = await testServer.request('PATCH /v1/emails/{id}', {
      key: sender.key,
      params,
      body: { scheduled_at: at(hourMs) },
    })
    expect(late.status).toBe(409)
  })

  it('A schedule survives a restart, and a key that is revoked by then sends nothing', async () => {
    const gone = await testServer.makeKey({ permissions: ['send'] })
    const kept = idOf(await post({ ...mail, scheduled_at: at(hourMs) }))
    const lost = idOf(await post({ ...mail, scheduled_at: at(hourMs) }, undefined, gone.key))
    await testServer.request('DELETE /v1/api-keys/{id}', { params: { id: gone.id } })
    await testServer.restart()
    clock.advance(hourMs)
    await testServer.server.idle()
    expect((await email(kept)).status).toBe('captured')
    expect((await email(lost)).status).toBe('failed')
  })

  it('A time in the past means now; one over a year ahead, or an invalid one, is refused', async () => {
    const now = idOf(await post({ ...mail, scheduled_at: at(-hourMs) }))
    expect((await email(now)).status).toBe('captured')
    expect((await post({ ...mail, scheduled_at: at(400 * 24 * hourMs) })).status).toBe(400)
    expect((await post({ ...mail, scheduled_at: 'tomorrow' })).status).toBe(400)
  })

  it('A scheduled message is cancelled like a deferred live message', async () => {
    const sink = await startSink()
    sink.rules.recipient = () => '451 4.7.1 Later'
    const live = await startTestServer({
      env: { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(sink.port), SMTP_TLS: 'none' },
    })
    const key = await live.makeKey({ mode: 'live', permissions: ['send'] })
    const { id } = await live.reply('POST /v1/send', { key: key.key, body: mail })
    await live.server.idle()
    const params = { id }
    expect((await live.reply('GET /v1/emails/{id}', { params })).deliveries[0]?.status).toBe(
      'deferred',
    )
    const cancelled = await live.reply('POST /v1/emails/{id}/cancel', { key: key.key, params })
    expect(cancelled).toMatchObject({ status: 'cancelled', deliveries: [{ status: 'cancelled' }] })
  })
})
