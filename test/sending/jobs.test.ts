import { describe, expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { eventually, startTestServer } from '../test-server.ts'

const testServer = await startTestServer()
const tester = await testServer.makeKey({ permissions: ['send', 'logs:read'] })

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    email: `person${index}@example.com`,
    variables: { name: `Person ${index}` },
  }))

const batch = (fields: Readonly<Record<string, unknown>>, key = tester.key) =>
  testServer.request('POST /api/v1/emails/batch', {
    key,
    body: { subject: 'Hi {{ name }}', body: '<p>Dear {{ name }}</p>', ...fields },
  })

const status = (id: string) =>
  testServer.reply('GET /api/v1/emails/jobs/{id}/status', { key: tester.key, params: { id } })

const settled = (id: string) =>
  eventually(async () => {
    const job = await status(id)
    return ['completed', 'failed', 'stopped'].includes(job.status) ? job : undefined
  })

type Ticket = { job_id: string; task_id: string; tracking_id: string; recipient_count: number }

describe('A batch', () => {
  it('A batch gets MailSage’s documented response, and each recipient gets an own message', async () => {
    const answer = await batch({ recipients: people(60), campaign_id: 'spring' })
    expect(answer.status).toBe(202)
    expect(answer.body).toEqual({
      message: 'Batch email queued successfully',
      job_id: expect.stringMatching(/^\d+$/),
      task_id: expect.any(String),
      tracking_id: expect.any(String),
      status: 'queued',
      recipient_count: 60,
    })
    const { job_id: id } = answer.body as Ticket
    const job = await settled(id)
    expect(job).toMatchObject({
      id,
      status: 'completed',
      campaign_id: 'spring',
      progress: { total: 60, sent: 60, failed: 0, pending: 0, percentage: 100 },
      is_paused: false,
    })
    await testServer.server.idle()
    const found = await testServer.reply('GET /v1/inbox', {
      query: { query: 'Person 59', limit: '5' },
    })
    expect(found.data.map(({ subject }) => subject)).toContain('Hi Person 59')
    const listed = await testServer.reply('GET /api/v1/emails/jobs', {
      key: tester.key,
      query: { campaign_id: 'spring' },
    })
    expect(listed.map((entry) => entry.id)).toEqual([id])
  })

  it('Both of MailSage’s batch paths and both of its status paths answer', async () => {
    const answer = await testServer.request('POST /api/v1/emails/send/batch', {
      key: tester.key,
      body: { subject: 'x', body: 'x', recipients: people(1) },
    })
    expect(answer.status).toBe(202)
    const { job_id: id } = answer.body as Ticket
    await settled(id)
    const short = await testServer.reply('GET /api/v1/emails/jobs/{id}', {
      key: tester.key,
      params: { id },
    })
    expect(short).toEqual(await status(id))
  })

  it('A batch with one invalid address is refused as a whole, and the refusal names it', async () => {
    const recipients = [...people(2), { email: 'not an address' }]
    const { value: answer, events } = await testServer.witness(() => batch({ recipients }))
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'invalid_recipient',
      details: { invalid_recipients: [{ index: 2, email: 'not an address' }] },
    })
    expect(events.map(({ type }) => type)).toEqual(['request'])
  })

  it('A batch over 10,000 recipients or beyond the daily quota is refused', async () => {
    expect((await batch({ recipients: people(10_001) })).status).toBe(400)
    const small = await testServer.makeKey({
      permissions: ['send'],
      rate_limit: { emails_per_day: 3 },
    })
    const answer = await batch({ recipients: people(4) }, small.key)
    expect(answer.status).toBe(429)
    expect(answer.body).toMatchObject({
      error: 'Daily sending limit exceeded. Remaining quota: 3',
      code: 'daily_limit_exceeded',
    })
  })

  it('A batch with a template needs the variables of each recipient', async () => {
    const { template } = await testServer.reply('POST /api/v1/templates', {
      body: { name: 'batch', subject: 'Hi', content: '{{ name }}', variables: ['name'] },
    })
    const recipients = [...people(1), { email: 'nameless@example.com' }]
    const answer = await batch({ recipients, body: undefined, template_id: String(template.id) })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      error: 'Invalid variables for nameless@example.com: missing name.',
      code: 'template_variable_error',
    })
  })

  it('A batch continues after a restart, and no recipient gets two messages', async () => {
    const { job_id: id } = (await batch({ recipients: people(200), subject: 'Restarted' }))
      .body as Ticket
    await testServer.restart()
    const job = await settled(id)
    expect(job.progress).toMatchObject({ total: 200, sent: 200, failed: 0 })
    const { pagination } = await testServer.reply('GET /v1/emails', { query: { to: 'person199@' } })
    const all = await testServer.reply('GET /api/v1/emails/jobs/{id}/deliveries', {
      key: tester.key,
      params: { id },
      query: { per_page: '500' },
    })
    expect(new Set(all.deliveries.map(({ tracking_id: message }) => message)).size).toBe(200)
    expect(pagination.total).toBeGreaterThanOrEqual(1)
  })
})

describe('A live job', () => {
  async function liveFixture() {
    const sink = await startSink()
    const live = await startTestServer({
      env: {
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(sink.port),
        SMTP_TLS: 'none',
        SMTP_FROM: 'shop@example.com',
      },
    })
    const key = await live.makeKey({ mode: 'live', permissions: ['send'] })
    const send = async (count: number) => {
      const body = { subject: 'Live', body: 'Hi {{ name }}', recipients: people(count) }
      const made = await live.reply('POST /api/v1/emails/batch', { key: key.key, body })
      return made.job_id
    }
    const control = (id: string, action: string) =>
      live.request('POST /api/v1/emails/jobs/{id}/control', {
        key: key.key,
        params: { id },
        body: { action },
      })
    const read = (id: string) =>
      live.reply('GET /api/v1/emails/jobs/{id}/status', { key: key.key, params: { id } })
    return { sink, live, key, send, control, read }
  }

  it('A live job uses the relay’s default sender, and counts the recipients that the relay refused', async () => {
    const { sink, live, send, read, key } = await liveFixture()
    sink.rules.recipient = (address) =>
      address.startsWith('person1@') ? '550 5.1.1 No such user' : null
    const id = await send(4)
    const job = await eventually(async () => {
      const now = await read(id)
      return now.status === 'completed' ? now : undefined
    })
    expect(job.progress).toEqual({ total: 4, sent: 3, failed: 1, pending: 0, percentage: 75 })
    expect(new Set(sink.messages.map(({ mailFrom }) => mailFrom))).toEqual(
      new Set(['shop@example.com']),
    )
    const bounced = await live.reply('GET /api/v1/emails/jobs/{id}/deliveries', {
      key: key.key,
      params: { id },
      query: { status: 'bounced' },
    })
    expect(bounced.deliveries).toMatchObject([
      { recipient: 'person1@example.com', error_message: expect.stringContaining('5.1.1') },
    ])
    sink.rules.recipient = () => null
    const retried = await live.request('POST /api/v1/emails/jobs/{id}/retry', {
      key: key.key,
      params: { id },
    })
    expect(retried.status).toBe(200)
    await eventually(async () => ((await read(id)).progress.sent === 4 ? true : undefined))
  })

  it('A live job can be paused, resumed and stopped; a stop cancels the rest for good', async () => {
    const { sink, send, control, read } = await liveFixture()
    let open = (): void => undefined
    const gate = new Promise<null>((resolve) => {
      open = () => resolve(null)
    })
    sink.rules.message = () => gate
    const id = await send(300)
    const paused = await control(id, 'pause')
    expect(paused.body).toMatchObject({ status: 'paused', is_paused: true })
    expect((await control(id, 'pause')).status).toBe(400)
    open()
    const atRest = await eventually(async () => {
      const [first, second] = [await read(id), await read(id)]
      return first.progress.sent === second.progress.sent && first.progress.sent < 300
        ? first
        : undefined
    })
    expect(atRest.status).toBe('paused')
    expect((await control(id, 'resume')).body).toMatchObject({ status: 'processing' })
    const stopped = await control(id, 'stop')
    expect(stopped.body).toMatchObject({ status: 'stopped' })
    expect((await control(id, 'resume')).status).toBe(400)
    expect((await control(id, 'explode')).status).toBe(400)
    const over = await eventually(async () => {
      const job = await read(id)
      return job.progress.pending === 0 ? job : undefined
    })
    expect(over.progress.sent).toBeLessThan(300)
    expect(over.status).toBe('stopped')
  })
})

describe('Jobs of other tenants', () => {
  it('The jobs of another tenant are not found', async () => {
    for (const line of [
      'GET /api/v1/emails/jobs/{id}',
      'GET /api/v1/emails/jobs/{id}/status',
      'GET /api/v1/emails/jobs/{id}/deliveries',
    ] as const) {
      const answer = await testServer.request(line, { key: tester.key, params: { id: '999999' } })
      expect(answer.status).toBe(404)
      expect(answer.body).toMatchObject({
        error: 'Job not found or access denied',
        code: 'not_found',
      })
    }
    const active = await testServer.reply('GET /api/v1/emails/jobs/active', { key: tester.key })
    expect(active).toEqual([])
  })
})
