import { describe, expect, it } from 'vitest'
import type { Key } from '../../src-main/contract/keys.ts'
import type { Permission } from '../../src-main/contract/permissions.ts'
import {
  draftOf,
  newDraft,
  problemsOf,
  settingsOf,
  suggestName,
} from '../../src-renderer/features/keys/key-draft.ts'
import {
  filterKeys,
  type KeyFilter,
  statesOf,
} from '../../src-renderer/features/keys/key-filter.ts'
import { impactSentence } from '../../src-renderer/features/keys/key-impact.ts'
import { permissionLabels } from '../../src-renderer/features/keys/permission-chips.tsx'
import { formatTimeLeft } from '../../src-renderer/features/keys/time-left.ts'

const now = Date.parse('2026-01-15T10:30:00Z')
const at = (days: number) => new Date(now + days * 86_400_000).toISOString()

function key(change: Partial<Key> = {}): Key {
  return {
    id: 'key_1',
    name: 'Shop',
    mode: 'test',
    prefix: 'ms_test_1',
    permissions: ['send'],
    enabled: true,
    source: 'created',
    tenant_id: null,
    rate_limit: { requests_per_minute: null, emails_per_day: null },
    inbox: 'default',
    allowed_senders: [],
    allowed_ips: [],
    expires_at: null,
    grace_until: null,
    last_used_at: at(-1),
    last_used_from: '127.0.0.1',
    created_at: at(-9),
    ...change,
  }
}

describe('Permission chips', () => {
  it.each<[Permission[], string[]]>([
    [['send'], ['Send']],
    [
      ['send', 'inbox:read'],
      ['Send', 'Read inbox'],
    ],
    [
      ['send', 'inbox:read', 'inbox:write'],
      ['Send', 'Read and edit inbox'],
    ],
    [
      ['logs:read', 'usage:read'],
      ['Read logs and sent mail', 'Read usage'],
    ],
    [['send', '*'], ['Full access, including settings']],
    [[], []],
  ])('The permissions %j have their labels', (held, labels) =>
    expect(permissionLabels(held)).toEqual(labels),
  )
})

describe('The countdown of a key', () => {
  it.each([
    [6 * 86_400_000 + 23 * 3_600_000, '6 d 23 h'],
    [23 * 3_600_000 + 5 * 60_000, '23 h 05 m'],
    [59 * 60_000 + 7_000, '59:07'],
    [-5, '0:00'],
  ])('%i ms are shown in their two largest units', (ms, text) =>
    expect(formatTimeLeft(ms)).toBe(text),
  )
})

describe('The list of keys', () => {
  const filter: KeyFilter = { text: '', mode: 'all', state: 'any', sort: 'used' }
  const keys = [
    key({ id: 'a', name: 'Shop 10', last_used_at: at(-3) }),
    key({ id: 'b', name: 'Shop 9', mode: 'live', last_used_at: at(-1), expires_at: at(9) }),
    key({ id: 'c', name: 'billing', last_used_at: null, created_at: at(-2) }),
    key({ id: 'd', name: 'crm', last_used_at: null, created_at: at(-1), enabled: false }),
    key({ id: 'e', name: 'old', last_used_at: at(-30), expires_at: at(-1) }),
    key({ id: 'f', name: 'turning', last_used_at: at(-4), grace_until: at(1) }),
  ]
  const ids = (change: Partial<KeyFilter>) =>
    filterKeys(keys, { ...filter, ...change }, now).map(({ id }) => id)

  it.each<[Partial<KeyFilter>, string]>([
    [{}, 'b a f e d c'],
    [{ sort: 'name' }, 'c d e b a f'],
    [{ text: 'shop 9' }, 'b'],
    [{ text: 'SEND shop' }, 'b a'],
    [{ mode: 'live' }, 'b'],
    [{ state: 'active' }, 'b a f c'],
    [{ state: 'expiring' }, 'b'],
    [{ state: 'expired' }, 'e'],
    [{ state: 'disabled' }, 'd'],
    [{ state: 'unused' }, 'd c'],
    [{ state: 'rotating', mode: 'live' }, ''],
  ])('The list with %j has its keys in order', (change, expected) =>
    expect(ids(change).join(' ')).toBe(expected),
  )

  it('A key can have several states at once', () => {
    const both = key({ enabled: false, expires_at: at(2), grace_until: at(1) })
    expect(statesOf(both, now)).toEqual(['rotating', 'expiring', 'disabled'])
  })
})

describe('The draft of a key', () => {
  it('A draft has a name from its type, which no other key has', () => {
    expect(suggestName('test', [])).toBe('Test key')
    expect(suggestName('live', ['Live key', 'Live key 2'])).toBe('Live key 3')
  })

  it('A new draft is valid without a change', () => expect(problemsOf(newDraft([]))).toEqual({}))

  it('A draft of an existing key has every setting of the key', () => {
    const carried = key({
      allowed_senders: ['shop.example', 'a@b.example'],
      allowed_ips: ['10.0.0.0/8', '::1'],
      rate_limit: { requests_per_minute: 60, emails_per_day: null },
    })
    expect(settingsOf(draftOf(carried))).toEqual({
      name: 'Shop',
      permissions: ['send'],
      inbox: 'default',
      rate_limit: { requests_per_minute: 60, emails_per_day: null },
      allowed_senders: ['shop.example', 'a@b.example'],
      allowed_ips: ['10.0.0.0/8', '::1'],
    })
  })

  it.each([
    ['name', ' '],
    ['inbox', 'a b'],
    ['requestsPerMinute', '0'],
    ['requestsPerMinute', 'many'],
    ['emailsPerDay', '1.5'],
    ['senders', 'not a domain'],
    ['addresses', 'localhost'],
    ['addresses', '10'],
  ] as const)('The invalid %s “%s” is reported', (field, value) => {
    expect(Object.keys(problemsOf({ ...newDraft([]), [field]: value }))).toEqual([field])
  })
})

describe('The impact of a revocation', () => {
  const impact = { requests: 0, emails: 0, routes: [] }
  it.each([
    [impact, 'No requests used “Shop” in the last 24 hours.'],
    [
      { requests: 1, emails: 1, routes: [{ route: 'POST /v1/send', requests: 1 }] },
      'The app that uses “Shop” sent 1 message in the last 24 hours. It will get 401 over HTTP.',
    ],
    [
      {
        requests: 5,
        emails: 3,
        routes: ['GET /v1/inbox', 'SMTP'].map((route) => ({ route, requests: 1 })),
      },
      'The app that uses “Shop” sent 3 messages and made 5 requests in the last 24 hours. It will get 401 over HTTP and 535 over SMTP.',
    ],
  ])('The requests of a key are summarized: %j', (given, sentence) =>
    expect(impactSentence('Shop', given)).toBe(sentence),
  )
})
