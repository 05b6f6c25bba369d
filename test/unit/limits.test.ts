import { describe, expect, it } from 'vitest'
import type { planLimits } from '../../src-main/contract/settings.ts'
import { type Caller, consoleCaller } from '../../src-main/domain/auth/caller.ts'
import { createTenantRecords } from '../../src-main/domain/auth/tenant-records.ts'
import { createLimits } from '../../src-main/domain/limits/limits.ts'
import { createSettings } from '../../src-main/domain/settings/settings.ts'
import { openStorage } from './open-storage.ts'

const live: Caller = { ...consoleCaller, mode: 'live', keyId: 1, unlimited: false }
const minuteMs = 60_000

function openLimits(plan: keyof typeof planLimits = 'pro') {
  const { database, queue, clock } = openStorage()
  const settings = createSettings({
    initial: {
      plan,
      anonymous_capture: true,
      smtp_starttls: 'auto',
      capture_paused: false,
      keep_days: 0,
      keep_messages: 0,
      keep_log_days: 0,
      keep_webhook_log_days: 0,
    },
    fixed: () => ({
      version: '0',
      data_folder: '',
      host: '',
      http_port: 0,
      smtp_port: 0,
      smtps_port: null,
      smtp_certificate: 'self_made',
      starttls_offered: false,
      url: '',
      next_start: { http_port: 0, smtp_port: 0, smtps_port: null },
      set_outside: [],
    }),
    save: () => undefined,
    queue,
  })
  const tenantRecords = createTenantRecords(database)
  const open = () => createLimits({ database, queue, clock, settings, tenantRecords })
  return { limits: open(), reopen: open, settings, clock }
}

type Opened = ReturnType<typeof openLimits>

/** The number of requests in a row that are admitted. */
function drain({ limits }: Pick<Opened, 'limits'>, caller: Caller): number {
  let admitted = 0
  while (admitted < 100_000 && !limits.admit(caller).refusal) admitted += 1
  return admitted
}

describe('The token bucket', () => {
  it.each([
    ['free', 'live', 150],
    ['free', 'test', 1500],
    ['pro', 'live', 1500],
    ['pro', 'test', 15_000],
    ['enterprise', 'live', 15_000],
  ] as const)('The bucket of a %s plan’s %s key holds %i', (plan, mode, burst) => {
    expect(drain(openLimits(plan), { ...live, mode } as Caller)).toBe(burst)
  })

  it('The bucket of a key with its own limit holds one and a half times the limit, live or test', () => {
    const opened = openLimits()
    expect(drain(opened, { ...live, requestsPerMinute: 10 })).toBe(15)
    expect(drain(opened, { ...live, keyId: 2, mode: 'test', requestsPerMinute: 3 })).toBe(5)
  })

  it('The bucket refills evenly, up to its size', () => {
    const opened = openLimits('free')
    drain(opened, live)
    opened.clock.advance(600)
    expect(drain(opened, live)).toBe(1)
    opened.clock.advance(minuteMs)
    expect(drain(opened, live)).toBe(100)
    opened.clock.advance(1000 * minuteMs)
    expect(drain(opened, live)).toBe(150)
  })

  it('An hour allows no more than the burst and the limit of each minute', () => {
    const opened = openLimits('free')
    let admitted = 0
    for (let second = 0; second < 3600; second++) {
      for (let attempt = 0; attempt < 5; attempt++) {
        if (!opened.limits.admit(live).refusal) admitted += 1
      }
      opened.clock.advance(1000)
    }
    expect(admitted).toBeLessThanOrEqual(150 + 60 * 100)
    expect(admitted).toBeGreaterThan(60 * 100)
  })

  it('Each key has its own bucket', () => {
    const opened = openLimits('free')
    drain(opened, live)
    expect(opened.limits.admit({ ...live, keyId: 2 }).refusal).toBeNull()
  })

  it('The bucket keeps its level when the clock goes backwards', () => {
    const opened = openLimits('free')
    drain(opened, live)
    opened.clock.advance(-10 * minuteMs)
    expect(drain(opened, live)).toBe(0)
    opened.clock.advance(minuteMs)
    expect(drain(opened, live)).toBeLessThanOrEqual(100)
  })

  it('The bucket shrinks at once with a smaller plan', async () => {
    const opened = openLimits('pro')
    opened.limits.admit(live)
    await opened.settings.change(consoleCaller, { plan: 'free' })
    expect(drain(opened, live)).toBe(150)
  })

  it('The bucket keeps its level over a restart', async () => {
    const opened = openLimits('free')
    drain(opened, live)
    await opened.limits.close()
    const limits = opened.reopen()
    expect(limits.admit(live).refusal).not.toBeNull()
    opened.clock.advance(minuteMs)
    expect(drain({ limits }, live)).toBe(100)
  })
})

describe('The rate limit that a response reports', () => {
  it('The remaining count decreases, and the reset time is when the bucket is full', () => {
    const { limits, clock } = openLimits('free')
    const seconds = clock.now() / 1000
    // The burst lies above the limit, so the first fifty leave it whole.
    expect(limits.admit(live).rate).toEqual({ limit: 100, remaining: 100, resetAt: seconds + 1 })
    for (let spent = 1; spent < 100; spent++) limits.admit(live)
    expect(limits.admit(live).rate).toEqual({ limit: 100, remaining: 49, resetAt: seconds + 61 })
  })

  it('A refusal names the wait in whole seconds, and a retry after it succeeds', () => {
    const { limits, clock } = openLimits()
    const slow = { ...live, requestsPerMinute: 7 }
    drain({ limits }, slow)
    const { refusal, rate } = limits.admit(slow)
    expect(refusal?.code).toBe('rate_limit_exceeded')
    expect(refusal?.details).toEqual({ retry_after: 9, requests_per_minute: 7 })
    expect(rate?.remaining).toBe(0)
    clock.advance(9000)
    expect(limits.admit(slow).refusal).toBeNull()
  })

  it('The console has no rate limit', () => {
    const { limits } = openLimits()
    expect(limits.admit(consoleCaller)).toEqual({ rate: null, refusal: null })
  })
})

describe('The emails of a day', () => {
  const daily = { ...live, emailsPerDay: 2 }

  it('The daily emails end at the limit and start again at midnight UTC', () => {
    // 10:30 UTC.
    const { limits, clock } = openLimits()
    limits.spendEmail(daily)
    limits.spendEmail(daily)
    const spend = () => limits.spendEmail(daily)
    expect(spend).toThrow(
      expect.objectContaining({
        code: 'daily_limit_exceeded',
        details: { emails_per_day: 2, retry_after: 13.5 * 3600 },
      }),
    )
    clock.advance(13.5 * 3_600_000 - 1)
    expect(spend).toThrow()
    clock.advance(1)
    expect(spend).not.toThrow()
    expect(limits.emailsToday(1)).toBe(1)
  })

  it('The daily emails are counted over a restart', async () => {
    const opened = openLimits()
    opened.limits.spendEmail(daily)
    await opened.limits.close()
    expect(opened.reopen().emailsToday(1)).toBe(1)
  })

  it('The daily emails do not spend requests', () => {
    const { limits } = openLimits('free')
    limits.spendEmail(daily)
    expect(drain({ limits }, daily)).toBe(150)
  })
})
