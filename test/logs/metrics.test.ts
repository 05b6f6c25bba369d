import { describe, expect, it } from 'vitest'
import { addRelay, openLiveFixture, openSink, pass, submitted } from '../delivery/live-fixture.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { parseMetrics } from './metrics-parser.ts'

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
const { key } = await testServer.makeKey({ permissions: ['send'] })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
await testServer.reply('POST /v1/send', { key, body: mail })
await testServer.reply('POST /v1/send', { key, body: mail })
await testServer.request('POST /v1/send', { key, body: {} })
await testServer.request('POST /v1/send', { key: null, body: mail })

async function read(of = testServer) {
  await of.server.idle()
  const answer = await of.request('GET /metrics', { key: null })
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parseMetrics(answer.text)
}

describe('GET /metrics', () => {
  it('The metrics are valid Prometheus text, with SelfMX’s and MailSage’s names', async () => {
    const metrics = await read()
    expect([...metrics.keys()]).toEqual(
      expect.arrayContaining([
        'selfmx_emails_total',
        'selfmx_emails_queued',
        'selfmx_emails_delivered',
        'selfmx_emails_bounced',
        'selfmx_emails_failed',
        'selfmx_api_requests_total',
        'selfmx_api_request_duration',
        'selfmx_api_errors_total',
        'selfmx_smtp_connections',
        'selfmx_smtp_send_duration',
        'selfmx_smtp_errors_total',
        'mailsage_build_info',
        'mailsage_http_requests_total',
        'mailsage_alerts_open',
      ]),
    )
    expect(metrics.get('selfmx_emails_queued')?.type).toBe('gauge')
    expect(metrics.get('selfmx_api_request_duration')?.type).toBe('histogram')
  })

  it('The metrics count requests, messages and deliveries', async () => {
    const metrics = await read()
    const value = (name: string, labels = {}) => metrics.get(name)?.value(labels)
    expect(value('selfmx_emails_total')).toBe(2)
    expect(value('mailsage_messages_captured_total')).toBe(2)
    expect(value('mailsage_inbox_messages')).toBe(2)
    expect(value('selfmx_api_errors_total', { code: 'missing_required' })).toBe(1)
    expect(value('selfmx_api_errors_total', { code: 'missing_api_key' })).toBe(1)
    const route = 'POST /v1/send'
    expect(value('mailsage_http_requests_total', { route, status: '202' })).toBe(2)
    expect(value('mailsage_http_requests_total', { route, status: '400' })).toBe(1)
    expect(value('mailsage_http_requests_total', { route, status: '401' })).toBe(1)
  })

  it('The metrics count open and finished SMTP sessions', async () => {
    const before = await read()
    const conversation = await converse(testServer.server.smtpPort)
    const during = await read()
    expect(during.get('mailsage_smtp_sessions')?.value()).toBe(
      (before.get('mailsage_smtp_sessions')?.value() ?? 0) + 1,
    )
    await conversation.close()
    await expect
      .poll(async () => (await read()).get('mailsage_smtp_sessions')?.value(), { timeout: 10_000 })
      .toBe(before.get('mailsage_smtp_sessions')?.value())
  })

  it('The metrics time delivery attempts and count the refusals of relays', async () => {
    const live = await openLiveFixture()
    const sink = await openSink()
    sink.rules.recipient = (address) =>
      address.startsWith('gone') ? '550 5.1.1 No such user' : null
    await addRelay(live, sink)
    await submitted(live, { to: ['ann@example.com', 'gone@example.com'] })
    await pass(live, 0)
    const metrics = await read(live.testServer)
    expect(metrics.get('selfmx_emails_delivered')?.value()).toBe(1)
    expect(metrics.get('selfmx_emails_bounced')?.value()).toBe(1)
    expect(metrics.get('selfmx_emails_queued')?.value()).toBe(0)
    expect(metrics.get('selfmx_smtp_connections')?.value()).toBe(1)
    expect(metrics.get('selfmx_smtp_send_duration')?.count).toBe(1)
    expect(metrics.get('selfmx_smtp_errors_total')?.value({ type: 'refused' })).toBe(1)
  })

  it('The metrics need a key from any other machine', async () => {
    const { metrics } = testServer.server.domain
    await testServer.makeTenant('tenant_a')
    const permissions: ['usage:read'] = ['usage:read']
    const reader = await testServer.makeKey({ mode: 'live', permissions })
    const tests = await testServer.makeKey({ permissions })
    const tenants = await testServer.makeKey({ mode: 'live', permissions, tenant_id: 'tenant_a' })
    const elsewhere = '203.0.113.7'
    expect(() => metrics.authorize(undefined, '127.0.0.1')).not.toThrow()
    expect(() => metrics.authorize(undefined, '::1')).not.toThrow()
    expect(() => metrics.authorize(`Bearer ${reader.key}`, elsewhere)).not.toThrow()
    for (const [authorization, code] of [
      [undefined, 'missing_api_key'],
      ['Basic eDp5', 'missing_api_key'],
      ['Bearer ms_live_xxxxxxxxxxxxxxxxxxxx', 'invalid_api_key'],
      [`Bearer ${key}`, 'insufficient_permissions'],
      [`Bearer ${tests.key}`, 'insufficient_permissions'],
      [`Bearer ${tenants.key}`, 'insufficient_permissions'],
    ] as const) {
      expect(() => metrics.authorize(authorization, elsewhere)).toThrow(
        expect.objectContaining({ code }),
      )
    }
  })
})
