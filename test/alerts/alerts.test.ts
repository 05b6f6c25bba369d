import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { alertsOf, look, openWatched } from './alert-fixture.ts'

describe('An alert', () => {
  it('An alert is raised once, explained, announced as an event, and cleared when it is over', async () => {
    const { testServer, clock } = await openWatched()
    const { key, id } = await testServer.makeKey({ name: 'clumsy', permissions: ['logs:read'] })
    for (let count = 0; count < 30; count++) {
      await testServer.request('GET /v1/emails', {
        key,
        query: count % 3 === 0 ? { page: 'x' } : {},
      })
    }
    await look({ testServer, clock })
    await look({ testServer, clock })
    const [alert, ...others] = await alertsOf(testServer)
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      id: expect.stringMatching(/^alert_/),
      rule: 'key_error_rate',
      severity: 'warning',
      state: 'open',
      subject: id,
      subject_name: 'clumsy',
      figures: { percent: 33.3, requests: 30, refused: 10, minutes: 15, limit_percent: 20 },
      message: expect.stringContaining('10 of 30 requests of the key “clumsy” were refused'),
      cleared_at: null,
      acknowledged_at: null,
    })
    expect((await testServer.reply('GET /v1/alerts')).open).toBe(1)

    for (let minute = 0; minute < 15; minute++) await look({ testServer, clock })
    const [cleared] = await alertsOf(testServer)
    expect(cleared).toMatchObject({ id: alert?.id, state: 'cleared' })
    expect(Date.parse(cleared?.cleared_at ?? '')).toBeGreaterThan(
      Date.parse(alert?.raised_at ?? ''),
    )
    const announced = await testServer.events(['alert'])
    expect(announced).toMatchObject([
      {
        keyId: id,
        data: {
          alert: alert?.id,
          state: 'open',
          rule: 'key_error_rate',
          severity: 'warning',
          subject: id,
          figures: { percent: 33.3 },
          message: alert?.message,
        },
      },
      { keyId: id, data: { alert: alert?.id, state: 'cleared' } },
    ])
  })

  it('An alert that gets worse is announced again, one that gets better is not', async () => {
    const { testServer, clock } = await openWatched()
    const { key } = await testServer.makeKey({
      permissions: ['send'],
      rate_limit: { emails_per_day: 10 },
    })
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
    for (let count = 0; count < 8; count++) await testServer.reply('POST /v1/send', { key, body })
    await look({ testServer, clock })
    for (let count = 0; count < 2; count++) await testServer.reply('POST /v1/send', { key, body })
    await look({ testServer, clock })
    await look({ testServer, clock })
    const announced = await testServer.events(['alert'])
    expect(announced.map(({ data }) => [data.rule, data.severity, data.state])).toEqual([
      ['key_near_limit', 'warning', 'open'],
      ['key_near_limit', 'critical', 'open'],
    ])
    expect(announced[1]?.data.figures).toMatchObject({
      kind: 'emails_per_day',
      used: 10,
      limit: 10,
    })
    expect(await alertsOf(testServer)).toHaveLength(1)
  })

  it('The keys of a tenant together raise an alert near the tenant’s quota', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.reply('POST /v1/tenants', {
      body: { id: 'tenant_a', name: 'Acme', rate_limit: { emails_per_day: 10 } },
    })
    const keys = await Promise.all(
      ['one', 'two'].map((name) =>
        testServer.makeKey({ name, tenant_id: 'tenant_a', permissions: ['send'] }),
      ),
    )
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
    for (let count = 0; count < 7; count++) {
      await testServer.reply('POST /v1/send', { key: keys[count % 2]?.key, body })
    }
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toEqual([])
    await testServer.reply('POST /v1/send', { key: keys[0]?.key, body })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([
      {
        rule: 'tenant_near_limit',
        severity: 'warning',
        subject: 'tenant_a',
        subject_name: 'Acme',
        tenant_id: 'tenant_a',
        figures: { kind: 'emails_per_day', used: 8, limit: 10, percent: 80 },
      },
    ])
  })

  it('An alert stays the same alert across a restart', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.makeKey({ expires_in_days: 5 })
    await look({ testServer, clock })
    await testServer.restart()
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ rule: 'key_expiring', state: 'open' }])
    expect(await testServer.events(['alert'])).toHaveLength(1)
  })

  it('The first acknowledgement of an alert is kept', async () => {
    const { testServer, clock } = await openWatched()
    const first = await testServer.makeKey({ name: 'first', permissions: ['usage:read'] })
    await testServer.makeKey({ expires_in_days: 5 })
    await look({ testServer, clock })
    const [alert] = await alertsOf(testServer)
    const params = { id: alert?.id ?? '' }
    const line = 'POST /v1/alerts/{id}/acknowledge'
    const seen = await testServer.reply(line, { params, key: first.key })
    expect(seen).toMatchObject({ state: 'open', acknowledged_by: first.id })
    expect(await testServer.reply(line, { params })).toEqual(seen)
    expect(await testServer.reply('GET /v1/alerts/{id}', { params })).toEqual(seen)
    expect(await testServer.events(['alert.acknowledged'])).toMatchObject([
      { data: { alert: alert?.id, by: first.id } },
    ])
    const listed = (acknowledged: string) =>
      testServer.reply('GET /v1/alerts', { query: { acknowledged } })
    expect((await listed('true')).data).toHaveLength(1)
    expect((await listed('false')).data).toHaveLength(0)
  })
})

describe('The alert rules', () => {
  it('Alert rules are listed with their summaries, changed, disabled and reset', async () => {
    const { testServer, clock } = await openWatched()
    const { data } = await testServer.reply('GET /v1/alerts/rules')
    expect(data).toHaveLength(11)
    expect(data.find(({ rule }) => rule === 'key_idle')).toEqual({
      rule: 'key_idle',
      summary: 'A key is used after a long idle time',
      settings: { enabled: true, days: 30, hours: 24 },
      is_default: true,
    })
    await testServer.makeKey({ expires_in_days: 20 })
    const change = (body: unknown) => testServer.reply('PATCH /v1/alerts/rules', { body })
    const tuned = await change({ key_expiring: { days: 25 } })
    expect(tuned.data.find(({ rule }) => rule === 'key_expiring')).toMatchObject({
      settings: { enabled: true, days: 25, critical_days: 1 },
      is_default: false,
    })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ state: 'open' }])
    await testServer.restart()
    await change({ key_expiring: { enabled: false } })
    await look({ testServer, clock })
    expect(await alertsOf(testServer)).toMatchObject([{ state: 'cleared' }])
    const back = await change({ key_expiring: null })
    expect(back.data).toEqual(data)
    expect(await testServer.events(['alert.rules_updated'])).toMatchObject([
      { data: { changed: ['key_expiring'], by: 'key_console' } },
      { data: { changed: ['key_expiring'] } },
      { data: { changed: ['key_expiring'] } },
    ])
  })

  it.each([
    [{ key_idle: { days: 0 } }, /“key_idle.days” must be 1 or more/],
    [{ key_idle: { days: 'x' } }, /“key_idle.days” must be a number/],
    [{ bounce_rate: { percent: 101 } }, /“bounce_rate.percent” must be 100 or less/],
    [{ queue_depth: 5 }, /“queue_depth” must be an object/],
  ])('A change of the rules to %j is refused', async (body, sentence) => {
    const { testServer } = await openWatched()
    const answer = await testServer.request('PATCH /v1/alerts/rules', { body })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('A tenant’s key cannot change the alert rules', async () => {
    const { testServer } = await openWatched()
    await testServer.makeTenant('tenant_a')
    const { key } = await testServer.makeKey({
      permissions: ['*'],
      mode: 'live',
      tenant_id: 'tenant_a',
    })
    const answer = await testServer.request('PATCH /v1/alerts/rules', { key, body: {} })
    expectRefusal(answer, 'insufficient_permissions')
  })
})

describe('GET /v1/alerts', () => {
  it('The list of alerts has filters and pages, and shows a tenant only its own alerts', async () => {
    const { testServer, clock } = await openWatched()
    await testServer.makeTenant('tenant_a')
    await testServer.makeKey({ name: 'ours', expires_in_days: 5, tenant_id: 'tenant_a' })
    await testServer.makeKey({ name: 'urgent', expires_in_days: 1 })
    await testServer.makeKey({ name: 'theirs', expires_in_days: 5 })
    const reader = await testServer.makeKey({ permissions: ['usage:read'], tenant_id: 'tenant_a' })
    await look({ testServer, clock })
    const names = async (query = {}, key?: string) =>
      (await testServer.reply('GET /v1/alerts', { query, key })).data.map(
        (alert) => alert.subject_name,
      )
    expect(await names()).toHaveLength(3)
    expect(await names({ severity: 'critical' })).toEqual(['urgent'])
    expect(await names({ state: 'cleared' })).toEqual([])
    expect(await names({ rule: 'queue_depth' })).toEqual([])
    expect(await names({}, reader.key)).toEqual(['ours'])
    const first = await testServer.reply('GET /v1/alerts', { query: { limit: 2 } })
    expect([first.data.length, first.has_more, first.open]).toEqual([2, true, 3])
    const rest = await testServer.reply('GET /v1/alerts', {
      query: { limit: 2, before: first.data.at(-1)?.id },
    })
    expect([rest.data.length, rest.has_more]).toEqual([1, false])
    const [foreign] = (
      await testServer.reply('GET /v1/alerts', { query: { severity: 'critical' } })
    ).data
    for (const line of ['GET /v1/alerts/{id}', 'POST /v1/alerts/{id}/acknowledge'] as const) {
      const call = { params: { id: foreign?.id ?? '' }, key: reader.key }
      expectRefusal(await testServer.request(line, call), 'not_found')
      expectRefusal(await testServer.request(line, { params: { id: 'alert_x' } }), 'not_found')
    }
  })

  it.each(['state=old', 'rule=none', 'severity=mild', 'limit=0', 'acknowledged=maybe'])(
    'The query %s is refused',
    async (query) => {
      const { testServer } = await openWatched()
      expectRefusal(await testServer.ask('GET', `/v1/alerts?${query}`), 'invalid_parameter')
    },
  )
})
