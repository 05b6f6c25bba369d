import { create } from 'zustand'
import type { CreatedKey, Key, KeyMode } from '../../../src-main/contract/keys.ts'
import type { NewTenant, Tenant, TenantChange } from '../../../src-main/contract/tenants.ts'
import { listen } from '../../app/live.ts'
import { type Reply, request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { createTaskStore } from '../../app/task-store.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

export type TenantTask =
  | { readonly type: 'create' }
  | { readonly type: 'edit'; readonly tenant: Tenant }
  | { readonly type: 'delete'; readonly tenant: Tenant }
  | { readonly type: 'key'; readonly tenant: Tenant }
  | { readonly type: 'reveal'; readonly created: CreatedKey }

type TenantsState = {
  readonly tenants: Load<readonly Tenant[]>
  /** The keys of all tenants. */
  readonly keys: readonly Key[]
  /** Emails of this month by tenant id; null until loaded. */
  readonly emails: ReadonlyMap<string, number> | null
}

export const useTenants = create<TenantsState>(() => ({
  tenants: loading,
  keys: [],
  emails: null,
}))

const pageSize = 100
const maxPages = 20

export async function loadTenants(): Promise<void> {
  try {
    const tenants = await fetchAllTenants()
    useTenants.setState({ tenants: ready(tenants) })
    await loadFigures()
  } catch (cause) {
    useTenants.setState(({ tenants }) =>
      tenants.status === 'ready' ? {} : { tenants: failed(cause) },
    )
  }
}

async function fetchAllTenants(): Promise<readonly Tenant[]> {
  const found: Tenant[] = []
  for (let page = 1; page <= maxPages; page++) {
    const { data, pagination } = await request('GET /v1/tenants', {
      query: { page, limit: pageSize },
    })
    found.push(...data)
    if (page * pageSize >= pagination.total) break
  }
  return found
}

async function loadFigures(): Promise<void> {
  const [{ data: keys }, usage] = await Promise.all([
    request('GET /v1/api-keys'),
    request('GET /v1/usage', { query: { from: monthStart().toISOString(), bucket: 'day' } }),
  ])
  const emails = new Map(
    usage.tenants.flatMap(({ tenant_id, emails: count }) =>
      tenant_id === null ? [] : [[tenant_id, count] as const],
    ),
  )
  useTenants.setState({ keys, emails })
}

/** Months are in UTC, as on the server. */
export function monthStart(now = new Date()): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
}

export const { useTask: useTenantTask, beginTask, endTask } = createTaskStore<TenantTask>()

export async function createTenant(body: NewTenant): Promise<void> {
  const { id } = await request('POST /v1/tenants', { body })
  await loadTenants()
  go('tenants', id)
}

export async function changeTenant({ id }: Tenant, body: TenantChange): Promise<void> {
  await request('PUT /v1/tenants/{id}', { params: { id }, body })
  await loadTenants()
}

export async function deleteTenant({ id }: Tenant, force: boolean) {
  const call = { params: { id }, query: { force: force ? ('true' as const) : ('false' as const) } }
  const { removed } = await request('DELETE /v1/tenants/{id}', call)
  go('tenants')
  await loadTenants()
  return removed
}

export async function createTenantKey({ id }: Tenant, name: string, mode: KeyMode): Promise<void> {
  const created = await request('POST /v1/tenants/{id}/api-keys', {
    params: { id },
    body: { name, mode, permissions: ['send'] },
  })
  beginTask({ type: 'reveal', created })
  await loadTenants()
}

export type TenantFigures = {
  readonly usage: Reply<'GET /v1/tenants/{id}/usage'>
  readonly series: Reply<'GET /v1/usage'>['series']
  readonly emails: Reply<'GET /v1/tenants/{id}/emails'>['data']
}

export async function loadTenantFigures(id: string): Promise<TenantFigures> {
  const month = { from: monthStart().toISOString(), bucket: 'day', tenant_id: id } as const
  const [usage, { series }, { data: emails }] = await Promise.all([
    request('GET /v1/tenants/{id}/usage', { params: { id } }),
    request('GET /v1/usage', { query: month }),
    request('GET /v1/tenants/{id}/emails', { params: { id }, query: { limit: 10 } }),
  ])
  return { usage, series, emails }
}

listen({
  connected: () => {
    if (useTenants.getState().tenants.status === 'ready') void loadTenants()
  },
  events: (events) => {
    const isAffected = events.some(
      ({ type }) => type.startsWith('tenant.') || type.startsWith('key.'),
    )
    if (isAffected && useTenants.getState().tenants.status === 'ready') void loadTenants()
  },
})
