import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { version } from '../../src-main/version.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
const change = (body: unknown) => testServer.request('PATCH /v1/settings', { body })

describe('The settings of the server', () => {
  it('The settings name the addresses, folder and version of the server', async () => {
    const { host, httpPort, smtpPort, url } = testServer.server
    expect(await testServer.reply('GET /v1/settings')).toEqual({
      plan: 'pro',
      anonymous_capture: true,
      smtp_starttls: 'auto',
      capture_paused: false,
      version,
      data_folder: testServer.folder,
      host,
      http_port: httpPort,
      smtp_port: smtpPort,
      smtps_port: null,
      smtp_certificate: 'self_made',
      starttls_offered: false,
      url,
      keep_days: 0,
      keep_messages: 0,
      keep_log_days: 30,
      keep_webhook_log_days: 30,
      next_start: { http_port: 0, smtp_port: 0, smtps_port: null },
      set_outside: ['MAILSAGE_DATA', 'MAILSAGE_HTTP_PORT', 'MAILSAGE_SMTP_PORT', 'LOG_LEVEL'],
    })
  })

  it('A change applies from the next request on, is kept over a restart, and is logged', async () => {
    const live = await testServer.makeKey({ mode: 'live' })
    const test = await testServer.makeKey({ mode: 'test' })
    const limit = async (key: string) =>
      (await testServer.request('GET /v1/session', { key })).headers['x-ratelimit-limit']
    expect([await limit(live.key), await limit(test.key)]).toEqual(['1000', '10000'])
    const { events } = await testServer.witness(() => change({ plan: 'free' }))
    expect(events).toMatchObject([{ type: 'settings.updated', data: { changed: ['plan'] } }])
    expect([await limit(live.key), await limit(test.key)]).toEqual(['100', '1000'])
    await change({ anonymous_capture: false })
    await testServer.restart()
    expect(await testServer.reply('GET /v1/settings')).toMatchObject({
      plan: 'free',
      anonymous_capture: false,
    })
    const file = JSON.parse(readFileSync(join(testServer.folder, 'settings.json'), 'utf8'))
    expect(file).toEqual({ plan: 'free', anonymousCapture: false })
    expect((await change({})).status).toBe(200)
  })

  it('A pause of capture is logged and ends with a restart', async () => {
    const { events } = await testServer.witness(() => change({ capture_paused: true }))
    expect(events).toMatchObject([
      {
        type: 'settings.updated',
        data: { changed: ['capture_paused'], capture_paused: true },
      },
    ])
    expect(await testServer.reply('GET /v1/settings')).toMatchObject({ capture_paused: true })
    await testServer.restart()
    expect(await testServer.reply('GET /v1/settings')).toMatchObject({ capture_paused: false })
  })

  it.each([
    [{ plan: 'gold' }, /one of: free, pro, enterprise/],
    [{ anonymous_capture: 'yes' }, /“anonymous_capture” must be a boolean/],
  ])('The change %j is refused', async (body, sentence) => {
    expect(expectRefusal(await change(body), 'invalid_parameter')).toMatch(sentence)
  })
})

describe('GET /v1/session', () => {
  it('The session names the key of the request', async () => {
    const { key, id } = await testServer.makeKey({
      name: 'Me',
      permissions: ['send', 'inbox:read'],
    })
    expect(await testServer.reply('GET /v1/session', { key })).toEqual({
      key_id: id,
      name: 'Me',
      mode: 'test',
      permissions: ['send', 'inbox:read'],
      version,
    })
  })

  it('The console’s own key has no rate limit and leaves no log entries', async () => {
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request('GET /v1/session'),
    )
    expect(answer.body).toMatchObject({ key_id: 'key_console', permissions: ['*'] })
    expect(answer.headers).not.toHaveProperty('x-ratelimit-limit')
    expect(events).toEqual([])
  })
})

describe('GET /health', () => {
  it('The health is public and has the format of SelfMX', async () => {
    expect(await testServer.reply('GET /health', { key: null })).toEqual({
      status: 'ok',
      reason: null,
      version,
      database: 'connected',
      smtp: 'not_configured',
      queue_depth: 0,
      smtp_port: testServer.server.smtpPort,
    })
  })
})

it('A settings.json that is damaged while the server runs is named and not overwritten', async () => {
  const testServer = await startTestServer()
  const file = join(testServer.folder, 'settings.json')
  writeFileSync(file, '{"keepDays": ')
  expect((await testServer.reply('GET /v1/settings')).keep_days).toBe(0)
  const answer = await testServer.request('PATCH /v1/settings', { body: { keep_days: 3 } })
  expectRefusal(answer, 'conflict')
  expect(answer.text).toContain(`${file} is not a JSON object`)
  expect(readFileSync(file, 'utf8')).toBe('{"keepDays": ')
})
