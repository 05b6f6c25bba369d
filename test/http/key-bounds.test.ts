import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type CreatedKey, KeyChange, NewKey } from '../../src-main/contract/keys.ts'
import type { Answer } from '../http-client.ts'
import { knownRoutes } from '../route-conformance.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
await testServer.makeTenant('tenant_a')
await testServer.makeTenant('tenant_b')

type Settings = Partial<z.input<typeof NewKey>>

/** All that a key of this file may do, unless its restriction says otherwise. */
const open: Settings = { mode: 'live', permissions: ['*'] }

type Restriction = {
  readonly field: string
  readonly bound: Settings
  readonly wider: readonly Settings[]
  readonly narrower: Settings
}

const restrictions: readonly Restriction[] = [
  {
    field: 'permissions',
    bound: { permissions: ['api-keys:read', 'api-keys:write', 'tenants:write', 'send'] },
    wider: [{ permissions: ['*'] }, { permissions: ['send', 'relays:write'] }],
    narrower: { permissions: ['send'] },
  },
  {
    field: 'mode',
    bound: { mode: 'test' },
    wider: [{ mode: 'live' }],
    narrower: { mode: 'test', permissions: ['send'] },
  },
  {
    field: 'rate_limit',
    bound: { rate_limit: { requests_per_minute: 1000 } },
    wider: [{ rate_limit: { requests_per_minute: 1001 } }],
    narrower: { rate_limit: { requests_per_minute: 999 } },
  },
  {
    field: 'rate_limit',
    bound: { rate_limit: { emails_per_day: 10 } },
    wider: [{ rate_limit: { emails_per_day: 11 } }],
    narrower: { rate_limit: { emails_per_day: 10 } },
  },
  {
    field: 'inbox',
    bound: { inbox: 'ci' },
    wider: [{ inbox: 'default' }, { inbox: 'other' }],
    narrower: { inbox: 'ci', permissions: ['send'] },
  },
  {
    field: 'allowed_senders',
    bound: { allowed_senders: ['example.com', 'ann@example.org'] },
    wider: [
      { allowed_senders: [] },
      { allowed_senders: ['example.org'] },
      { allowed_senders: ['bob@example.org'] },
      { allowed_senders: ['mail.example.com'] },
      { allowed_senders: ['example.com', 'example.net'] },
    ],
    narrower: { allowed_senders: ['bob@example.com', 'ann@example.org'] },
  },
  {
    field: 'allowed_ips',
    bound: { allowed_ips: ['127.0.0.0/8', '::1', '10.1.0.0/16', 'fd00::/8'] },
    wider: [
      { allowed_ips: [] },
      { allowed_ips: ['127.0.0.0/7'] },
      { allowed_ips: ['10.2.0.1'] },
      { allowed_ips: ['0.0.0.0/0'] },
      { allowed_ips: ['::/0'] },
      { allowed_ips: ['::ffff:0:0/96'] },
      { allowed_ips: ['127.0.0.1', '192.0.2.1'] },
    ],
    narrower: { allowed_ips: ['127.0.0.1', '10.1.128.0/17', 'fd12::/16', '::1/128'] },
  },
  {
    field: 'expires_in_days',
    bound: { expires_in_days: 30 },
    wider: [{ expires_in_days: 31 }],
    narrower: { expires_in_days: 30 },
  },
  {
    field: 'tenant_id',
    bound: { tenant_id: 'tenant_a' },
    wider: [{ tenant_id: 'tenant_b' }],
    narrower: { tenant_id: 'tenant_a', permissions: ['send'] },
  },
]

const make = (settings: Settings): Promise<CreatedKey> =>
  testServer.makeKey({ ...open, ...settings })
const numberOf = async ({ id }: CreatedKey): Promise<number> =>
  testServer.server.domain.keys.idOf(id) ?? 0

/** The fields of a key for the console, except its use. */
async function shown({ id }: { readonly id: string }) {
  const key = await testServer.reply('GET /v1/api-keys/{id}', { params: { id } })
  const { last_used_at: _at, last_used_from: _from, ...rest } = key
  return rest
}

async function countKeys(): Promise<number> {
  return (await testServer.reply('GET /v1/api-keys')).data.length
}

/** Hidden resources give 404; every other refusal names its reason. */
function expectExcess(field: string, answer: Answer, path = '/v1'): void {
  if (field === 'tenant_id') expectRefusal(answer, 'not_found', path)
  else expectRefusal(answer, 'insufficient_permissions', path)
}

/** Every route that creates a key, with the mode in the words of its dialect. */
const creations = {
  'POST /v1/api-keys': (settings: Settings) => ({ ...settings }),
  'POST /v1/tenants/{id}/api-keys': ({ tenant_id: _tenant, ...settings }: Settings) => settings,
  'POST /api/v1/api-keys': ({ mode: key_type, ...settings }: Settings) => ({
    ...settings,
    key_type,
  }),
} as const

/** Every route that changes a key. */
const changes = [
  'PATCH /v1/api-keys/{id}',
  'POST /v1/api-keys/{id}/rotate',
  'DELETE /v1/api-keys/{id}',
  'DELETE /api/v1/api-keys/{id}',
] as const

const bodiesOf = (line: (typeof changes)[number]) =>
  line.startsWith('PATCH') ? [{ name: 'taken' }, { enabled: false }] : [{}]

async function attempt(line: (typeof changes)[number], key: string, target: CreatedKey) {
  const id = line.includes('/api/v1') ? await numberOf(target) : target.id
  const bodies = line.startsWith('DELETE') ? [undefined] : bodiesOf(line)
  const answers: Answer[] = []
  for (const body of bodies)
    answers.push(await testServer.request(line, { key, params: { id }, body }))
  return answers
}

it('The tests of bounds cover every route that creates or changes keys, and every field of a key', () => {
  const lines = knownRoutes
    .filter(({ line }) => line.includes('api-keys') && !line.startsWith('GET '))
    .map(({ line }) => line)
  expect(lines.toSorted()).toEqual([...Object.keys(creations), ...changes].toSorted())
  const fields = new Set([...Object.keys(NewKey.shape), ...Object.keys(KeyChange.shape)])
  for (const name of ['name', 'prefix', 'enabled']) fields.delete(name)
  expect([...fields].toSorted()).toEqual([
    ...new Set(restrictions.map(({ field }) => field).toSorted()),
  ])
})

describe.each(restrictions)('A key bound by $bound', ({ field, bound, wider, narrower }) => {
  // A tenant's routes are the ones where it already has that tenant.
  const tenant = bound.tenant_id ?? 'tenant_b'
  const isOfTenant = bound.tenant_id != null
  const own = { ...open, ...bound }
  const lines = Object.keys(creations) as (keyof typeof creations)[]

  it.each(lines)('The key creates no wider key by %s', async (line) => {
    const { key } = await make(bound)
    const before = await countKeys()
    const path = line.split(' ')[1]
    for (const excess of wider) {
      const named = line.includes('tenants') && excess.tenant_id
      const params = { id: named || tenant }
      const body = { name: 'excess', ...creations[line]({ ...own, ...excess }) }
      expectExcess(field, await testServer.request(line, { key, params, body }), path)
    }
    expect(await countKeys()).toBe(before)
  })

  it.each(lines)('A key that it creates by %s without a bound inherits the bound', async (line) => {
    const maker = await make(bound)
    const { mode, permissions } = own
    const body = { name: 'heir', ...creations[line]({ mode, permissions }) }
    const answer = await testServer.request(line, { key: maker.key, params: { id: tenant }, body })
    expect(answer.status).toBe(201)
    const { data } = await testServer.reply('GET /v1/api-keys')
    const heir = data.find(({ name }) => name === 'heir')
    const { expires_at, inbox, allowed_senders, allowed_ips, rate_limit } = await shown(maker)
    expect(heir).toMatchObject({ expires_at, inbox, allowed_senders, allowed_ips, rate_limit })
    expect(heir).toMatchObject({ mode, permissions, ...(isOfTenant ? bound : {}) })
    await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id: heir?.id ?? '' } })
  })

  it.each(lines)(
    'The key creates a key with the same bound by %s when the request asks for it',
    async (line) => {
      const { key } = await make(bound)
      const name = 'narrow'
      const body = { name, ...creations[line]({ ...own, ...narrower }) }
      const answer = await testServer.request(line, { key, params: { id: tenant }, body })
      expect(answer.status).toBe(201)
      const { data } = await testServer.reply('GET /v1/api-keys')
      const made = data.find((one) => one.name === name)
      const { expires_in_days: _days, ...rest } = narrower
      expect(made).toMatchObject(rest)
      await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id: made?.id ?? '' } })
    },
  )

  it('The key widens neither itself nor another key by a change', async () => {
    const mine = await make(bound)
    const sister = await make(bound)
    const before = [await shown(mine), await shown(sister)]
    for (const { id } of [mine, sister]) {
      const change = { key: mine.key, params: { id } }
      for (const excess of [...wider, ...released(bound)]) {
        const body = KeyChange.partial().strip().parse(excess)
        // A change cannot widen a field that it does not have, such as the mode.
        if (Object.keys(body).length === 0) continue
        const answer = await testServer.request('PATCH /v1/api-keys/{id}', {
          ...change,
          body: excess,
        })
        expectExcess(field, answer)
      }
    }
    expect([await shown(mine), await shown(sister)]).toEqual(before)
  })

  it.each(changes)('The key cannot change a wider key by %s', async (line) => {
    const { key } = await make(bound)
    const targets = [...wider, { ...released(bound)[0] }]
    for (const excess of targets) {
      const target = await make({ ...bound, ...excess })
      const before = await shown(target)
      for (const answer of await attempt(line, key, target)) {
        expectExcess(field, answer, line.split(' ')[1])
      }
      expect(await shown(target)).toEqual(before)
    }
  })

  it.each(changes)('The key changes a key that is no wider by %s', async (line) => {
    const { key } = await make(bound)
    for (const answer of await attempt(line, key, await make({ ...bound, ...narrower }))) {
      expect(answer.status).toBe(200)
    }
  })

  it('The key rotates itself and keeps its bound', async () => {
    const mine = await make(bound)
    const call = { key: mine.key, params: { id: mine.id }, body: { grace_seconds: 60 } }
    const {
      key: _key,
      grace_until: _grace,
      ...rotated
    } = await testServer.reply('POST /v1/api-keys/{id}/rotate', call)
    const { key: _old, grace_until: _none, ...made } = mine
    expect({ ...rotated, last_used_at: null, last_used_from: null }).toEqual(made)
  })
})

/** The same key without its restriction, as the body of a change or a creation. */
function released(bound: Settings): Settings[] {
  if (bound.rate_limit) {
    const [name = ''] = Object.keys(bound.rate_limit)
    return [{ rate_limit: null }, { rate_limit: { [name]: null } }]
  }
  if (bound.expires_in_days) return [{ expires_in_days: null }]
  if (bound.tenant_id) return [{ tenant_id: null }]
  return bound.mode === 'test' ? [{ mode: 'live' }] : [wider(bound)]
}

function wider(bound: Settings): Settings {
  return restrictions.find((restriction) => restriction.bound === bound)?.wider[0] ?? {}
}

describe('A rotated secret in its grace period', () => {
  it('The old secret creates nothing that outlives it, and cannot rotate its key again', async () => {
    const mine = await make({})
    const params = { id: mine.id }
    const body = { grace_seconds: 3600 }
    await testServer.reply('POST /v1/api-keys/{id}/rotate', { params, body })
    const old = { key: mine.key }
    const again = await testServer.request('POST /v1/api-keys/{id}/rotate', {
      ...old,
      params,
      body: {},
    })
    expectRefusal(again, 'insufficient_permissions')
    const heir = await testServer.reply('POST /v1/api-keys', { ...old, body: { name: 'heir' } })
    expect(Date.parse(heir.expires_at ?? '')).toBe(clock.now() + 3_600_000)
  })
})

describe('A key with any bound', () => {
  it.each(restrictions)(
    'A key bound by $bound cannot restore a database with wider keys',
    async (each) => {
      const { key } = await make({ ...each.bound })
      const body = Buffer.from('SQLite format 3\0')
      const headers = { 'content-type': 'application/octet-stream' }
      const answer = await testServer.request('POST /v1/restore', { key, body, headers })
      expect([403, 404]).toContain(answer.status)
    },
  )

  it.each(restrictions)(
    'A key bound by $bound neither creates backups nor changes the plan',
    async (each) => {
      const { key } = await make({ ...each.bound })
      const { plan } = await testServer.reply('GET /v1/settings')
      const answers = [
        await testServer.request('GET /v1/backup', { key }),
        await testServer.request('PATCH /v1/settings', { key, body: { plan: 'enterprise' } }),
        await testServer.request('POST /v1/outbox/restored/release', { key }),
        await testServer.request('DELETE /v1/outbox/restored', { key }),
      ]
      for (const { status } of answers) expect([403, 404]).toContain(status)
      expect((await testServer.reply('GET /v1/settings')).plan).toBe(plan)
    },
  )

  it('A bound key cannot delete a tenant that has a wider key', async () => {
    await testServer.makeTenant('tenant_c')
    const admin = await make({ tenant_id: 'tenant_c' })
    const { key } = await make({ permissions: ['tenants:write', 'send'] })
    const call = { key, params: { id: 'tenant_c' } }
    expectRefusal(
      await testServer.request('DELETE /v1/tenants/{id}', call),
      'insufficient_permissions',
    )
    expect((await testServer.request('GET /v1/session', { key: admin.key })).status).toBe(200)
  })
})

it('The inbox of a key is a default: the key captures into other inboxes, reads and clears them', async () => {
  const { key } = await testServer.makeKey({
    inbox: 'mine',
    permissions: ['send', 'inbox:read', 'inbox:write'],
  })
  const client = await converse(testServer.server.smtpPort)
  await client.signIn('otherinbox', key)
  await client.send({ raw: 'From: a@b.example\r\nSubject: s\r\n\r\nHello\r\n' })
  const query = { inbox: 'otherinbox' }
  const { data } = await testServer.reply('GET /v1/inbox', { key, query })
  expect(data).toHaveLength(1)
  const params = { id: data[0]?.id ?? '' }
  await testServer.reply('DELETE /v1/inbox/{id}', { key, params })
  expect((await testServer.reply('GET /v1/inbox', { key, query })).data).toEqual([])
})

it('A key that the MailSage dialect creates has every requested bound', async () => {
  const wanted = {
    rate_limit: { requests_per_minute: 60, emails_per_day: 5 },
    inbox: 'ci',
    tenant_id: 'tenant_a',
    allowed_senders: ['example.com'],
    allowed_ips: ['127.0.0.1'],
  }
  const body = { name: 'bound', key_type: 'test', expires_in_days: 1, ...wanted }
  await testServer.reply('POST /api/v1/api-keys', { body })
  const { data } = await testServer.reply('GET /v1/api-keys')
  expect(data[0]).toMatchObject({ ...wanted, mode: 'test' })
})
