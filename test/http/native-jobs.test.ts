import { afterAll, describe, expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { eventually, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const sink = await startSink()
afterAll(sink.close)
const testServer = await startTestServer({
  env: {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(sink.port),
    SMTP_TLS: 'none',
    SMTP_FROM: 'shop@example.com',
  },
})
const { id: keyId, key } = await testServer.makeKey({
  name: 'Campaigns',
  mode: 'live',
  permissions: ['send', 'logs:read'],
})

async function start(count: number, name = 'person'): Promise<string> {
  const recipients = Array.from({ length: count }, (_, index) => ({
    email: `${name}${index}@example.com`,
  }))
  const body = { subject: 'Spring', body: 'Hello', campaign_id: 'spring', recipients }
  return (await testServer.reply('POST /api/v1/emails/batch', { key, body })).job_id
}

const get = (id: string) => testServer.reply('GET /v1/jobs/{id}', { key, params: { id } })
const act = (id: string, action: 'pause' | 'resume' | 'stop' | 'retry') =>
  testServer.request(`POST /v1/jobs/{id}/${action}`, { key, params: { id } })
const settled = (id: string) =>
  eventually(async () => {
    const job = await get(id)
    return job.completed_at === null || job.progress.underway > 0 ? undefined : job
  })
const deliveries = (id: string, query = {}) =>
  testServer.reply('GET /v1/jobs/{id}/deliveries', { key, params: { id }, query })

describe('A job', () => {
  it('A job is listed and read with its progress and the status of each recipient', async () => {
    sink.rules.recipient = (address) =>
      address.startsWith('person1@') ? '550 5.1.1 No such user' : null
    const id = await start(4)
    const job = await settled(id)
    expect(job).toEqual({
      id,
      status: 'completed',
      tracking_id: expect.any(String),
      subject: 'Spring',
      from: 'shop@example.com',
      template_id: null,
      campaign_id: 'spring',
      key_id: keyId,
      key_name: 'Campaigns',
      progress: { total: 4, sent: 3, failed: 1, cancelled: 0, underway: 0, pending: 0 },
      per_minute: 0,
      seconds_left: null,
      created_at: expect.any(String),
      started_at: expect.any(String),
      completed_at: expect.any(String),
      updated_at: expect.any(String),
    })
    const all = await deliveries(id, { limit: 2, page: 2 })
    expect(all.pagination).toEqual({ page: 2, limit: 2, total: 4 })
    expect(all.data.map(({ recipient }) => recipient)).toEqual([
      'person2@example.com',
      'person3@example.com',
    ])
    const { data } = await deliveries(id, { status: 'bounced' })
    expect(data).toMatchObject([
      {
        recipient: 'person1@example.com',
        status: 'bounced',
        email_id: expect.stringMatching(/^msg_/),
        attempts: 1,
        error: expect.stringContaining('5.1.1'),
      },
    ])

    sink.rules.recipient = () => null
    expect((await act(id, 'retry')).status).toBe(200)
    await eventually(async () => ((await get(id)).progress.sent === 4 ? true : undefined))
    expect(sink.messages).toHaveLength(4)
  })

  it('A job is paused, resumed and stopped; a stop cancels the unsent messages', async () => {
    let open = (): void => undefined
    const gate = new Promise<null>((resolve) => {
      open = () => resolve(null)
    })
    sink.rules.message = () => gate
    const id = await start(300)
    await eventually(async () => ((await get(id)).progress.underway > 0 ? true : undefined))
    const running = await get(id)
    expect(running.per_minute).toBeGreaterThan(0)
    expect(running.seconds_left).toBeGreaterThan(0)
    expect((await act(id, 'pause')).body).toMatchObject({ status: 'paused', seconds_left: null })
    expectRefusal(await act(id, 'pause'), 'invalid_request')
    const active = await testServer.reply('GET /v1/jobs', { key, query: { active: 'true' } })
    expect(active.data.map((job) => job.id)).toEqual([id])
    expect((await act(id, 'resume')).body).toMatchObject({ status: 'processing' })
    expectRefusal(await act(id, 'retry'), 'invalid_request')
    expect((await act(id, 'stop')).body).toMatchObject({ status: 'stopped' })
    expectRefusal(await act(id, 'resume'), 'invalid_request')
    expectRefusal(await act(id, 'stop'), 'invalid_request')
    open()
    delete sink.rules.message
    const over = await settled(id)
    expect(over.progress.cancelled).toBeGreaterThan(0)
    expect(over.progress.cancelled + over.progress.sent).toBe(300)
  })

  it('Jobs are listed newest first, by cursor', async () => {
    const all = await testServer.reply('GET /v1/jobs', { key })
    expect(all.has_more).toBe(false)
    const [newest, ...older] = all.data
    const first = await testServer.reply('GET /v1/jobs', { key, query: { limit: 1 } })
    expect([first.data[0]?.id, first.has_more]).toEqual([newest?.id, true])
    const rest = await testServer.reply('GET /v1/jobs', {
      key,
      query: { before: newest?.id ?? '' },
    })
    expect(rest.data.map(({ id }) => id)).toEqual(older.map(({ id }) => id))
  })

  it.each([
    'GET /v1/jobs/{id}',
    'GET /v1/jobs/{id}/deliveries',
    'POST /v1/jobs/{id}/pause',
    'POST /v1/jobs/{id}/resume',
    'POST /v1/jobs/{id}/stop',
    'POST /v1/jobs/{id}/retry',
  ] as const)('%s answers 404 for an unknown job', async (line) => {
    expectRefusal(await testServer.request(line, { key, params: { id: 999_999 } }), 'not_found')
  })

  it('The id of a job is a number', async () => {
    const answer = await testServer.request('GET /v1/jobs/{id}', { key, params: { id: 'x' } })
    expectRefusal(answer, 'not_found')
  })
})
