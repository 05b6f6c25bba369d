import { describe, expect, it } from 'vitest'
import { alertRuleNames, alertRules, type RuleSettings } from '../../src-main/contract/alerts.ts'
import type {
  AlertFigures,
  WatchedKey,
  WatchedTenant,
} from '../../src-main/domain/alerts/findings.ts'
import { evaluateOneOff, type OneOff } from '../../src-main/domain/alerts/one-offs.ts'
import { evaluate } from '../../src-main/domain/alerts/rules.ts'

const rules = Object.fromEntries(
  alertRuleNames.map((name) => [name, alertRules[name].defaults]),
) as RuleSettings
const off = Object.fromEntries(
  alertRuleNames.map((name) => [name, { ...alertRules[name].defaults, enabled: false }]),
) as unknown as RuleSettings

const now = Date.parse('2026-01-15T10:30:00Z')
const dayMs = 86_400_000

const key: WatchedKey = {
  keyId: 1,
  publicId: 'key_one',
  name: 'shop',
  tenantId: 'tenant_a',
  expiresAt: null,
  requests: 0,
  refused: 0,
  lastHour: 0,
  usualHour: null,
  lastMinute: 0,
  requestsPerMinute: 1000,
  emailsToday: 0,
  emailsPerDay: null,
}
const calm: AlertFigures = {
  now,
  keys: [],
  tenants: [],
  bounces: [],
  queueDepth: 0,
  relays: [],
  storage: [],
}
const withKey = (figures: Partial<WatchedKey>): AlertFigures => ({
  ...calm,
  keys: [{ ...key, ...figures }],
})
const withTenant = (figures: Partial<WatchedTenant>): AlertFigures => ({
  ...calm,
  tenants: [
    {
      id: 'tenant_a',
      name: 'A',
      lastMinute: 0,
      requestsPerMinute: 1000,
      emailsToday: 0,
      emailsPerDay: null,
      ...figures,
    },
  ],
})
const withBounces = (delivered: number, bounced: number): AlertFigures => ({
  ...calm,
  bounces: [{ tenantId: null, delivered, bounced }],
})
const withRelay = (failures: number): AlertFigures => ({
  ...calm,
  relays: [{ id: 'relay_1', name: 'Out', tenantId: null, failures, lastError: 'ECONNREFUSED' }],
})

type Case = readonly [what: string, figures: AlertFigures, found: string | null]

const cases: Record<string, readonly Case[]> = {
  'error rate': [
    ['20 % of 20 is not over 20 %', withKey({ requests: 20, refused: 4 }), null],
    ['25 % of 20', withKey({ requests: 20, refused: 5 }), 'key_error_rate warning'],
    ['all of 19 are too few to evaluate', withKey({ requests: 19, refused: 19 }), null],
  ],
  volume: [
    ['five times as much', withKey({ lastHour: 500, usualHour: 100 }), 'key_volume warning'],
    ['a little less', withKey({ lastHour: 499, usualHour: 100 }), null],
    ['much, but little in all', withKey({ lastHour: 99, usualHour: 1 }), null],
    ['nothing is known of what is usual', withKey({ lastHour: 5000 }), null],
  ],
  'limit and quota': [
    ['79.9 % of the rate', withKey({ lastMinute: 799 }), null],
    ['80 % of the rate', withKey({ lastMinute: 800 }), 'key_near_limit warning'],
    ['all of the rate', withKey({ lastMinute: 1000 }), 'key_near_limit critical'],
    ['80 % of the day', withKey({ emailsToday: 8, emailsPerDay: 10 }), 'key_near_limit warning'],
    ['all of the day', withKey({ emailsToday: 10, emailsPerDay: 10 }), 'key_near_limit critical'],
    ['no quota', withKey({ emailsToday: 10_000 }), null],
  ],
  'limit and quota of a tenant': [
    ['79.9 % of the rate', withTenant({ lastMinute: 799 }), null],
    ['80 % of the rate', withTenant({ lastMinute: 800 }), 'tenant_near_limit warning'],
    [
      'all of the day',
      withTenant({ emailsToday: 10, emailsPerDay: 10 }),
      'tenant_near_limit critical',
    ],
    ['no limits', withTenant({ requestsPerMinute: null, emailsToday: 10_000 }), null],
  ],
  expiry: [
    ['in 8 days', withKey({ expiresAt: now + 8 * dayMs }), null],
    ['in 7 days', withKey({ expiresAt: now + 7 * dayMs }), 'key_expiring warning'],
    ['in a day', withKey({ expiresAt: now + dayMs }), 'key_expiring critical'],
    ['expired', withKey({ expiresAt: now }), null],
    ['never', withKey({}), null],
  ],
  bounces: [
    ['5 %', withBounces(95, 5), null],
    ['6 %', withBounces(94, 6), 'bounce_rate warning'],
    ['10 %', withBounces(90, 10), 'bounce_rate warning'],
    ['11 %', withBounces(89, 11), 'bounce_rate critical'],
    ['19 recipients are too few to evaluate', withBounces(0, 19), null],
  ],
  queue: [
    ['100', { ...calm, queueDepth: 100 }, null],
    ['101', { ...calm, queueDepth: 101 }, 'queue_depth warning'],
    ['500', { ...calm, queueDepth: 500 }, 'queue_depth warning'],
    ['501', { ...calm, queueDepth: 501 }, 'queue_depth critical'],
  ],
  relay: [
    ['reached', withRelay(0), null],
    ['not reached', withRelay(1), 'relay_unreachable warning'],
    ['not reached, four times in a row', withRelay(4), 'relay_unreachable critical'],
  ],
}

describe.each(Object.entries(cases))('The rule of %s', (_, rows) => {
  it.each(rows)('The rule evaluates the case “%s”', (_case, figures, found) => {
    const findings = evaluate(rules, figures)
    expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(
      found === null ? [] : [found],
    )
    for (const { message, figures: evaluated, subjectName } of findings) {
      // The sentence contains the evaluated figures.
      expect(message).not.toMatch(/undefined|NaN|null/)
      const named = Object.values(evaluated).filter((value) => message.includes(readable(value)))
      expect(named).not.toEqual([])
      expect(subjectName).not.toBe('')
    }
    expect(evaluate(off, figures)).toEqual([])
  })
})

describe('A one-off signal', () => {
  const idle = (idleMs: number): OneOff => ({ type: 'idle', key, at: now, idleMs })
  const moved: OneOff = { type: 'new_address', key, at: now, address: '10.0.0.5', known: 2 }

  it.each([
    ['29 idle days', idle(29 * dayMs), null],
    ['30 idle days', idle(30 * dayMs), 'key_idle'],
    ['a new address', moved, 'key_new_address'],
  ] as const)('The signal “%s” raises an alert only from its threshold on', (_, oneOff, rule) => {
    const finding = evaluateOneOff(rules, oneOff)
    expect(finding?.rule ?? null).toBe(rule)
    expect(evaluateOneOff(off, oneOff)).toBeNull()
    if (finding) {
      expect(finding).toMatchObject({ subject: 'key_one', tenantId: 'tenant_a', keyId: 1 })
    }
  })

  it('Two new addresses raise two alerts', () => {
    const other = evaluateOneOff(rules, { ...moved, address: '10.0.0.6' })
    expect(other?.about).not.toBe(evaluateOneOff(rules, moved)?.about)
  })
})

it('Every limit of a rule can be changed', () => {
  const strict = { ...rules, queue_depth: { ...rules.queue_depth, messages: 1 } }
  expect(evaluate(strict, { ...calm, queueDepth: 2 })).toHaveLength(1)
})

/** The form in a sentence: times to the minute. */
function readable(figure: unknown): string {
  return String(figure).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):.*Z$/, '$1 $2 UTC')
}
