import { create } from 'zustand'
import type { KeyLimits } from '../../../src-main/contract/key-figures.ts'
import type { CreatedKey, Key } from '../../../src-main/contract/keys.ts'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { createTaskStore } from '../../app/task-store.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { expiryDays } from './key-choices.ts'
import { type KeyDraft, noTenant, settingsOf } from './key-draft.ts'

/** The open dialog. */
export type KeyTask =
  | { readonly type: 'create' }
  | { readonly type: 'edit'; readonly key: Key }
  | { readonly type: 'rotate'; readonly key: Key }
  | { readonly type: 'revoke'; readonly key: Key }
  | { readonly type: 'reveal'; readonly created: CreatedKey; readonly graceUntil: string | null }

export type KeyUse = { readonly requests: number; readonly emails: number }

type KeysState = {
  readonly keys: Load<readonly Key[]>
  /** Usage in the last 24 hours by key id; null until loaded. */
  readonly uses: ReadonlyMap<string, KeyUse> | null
  readonly limits: ReadonlyMap<string, KeyLimits>
  readonly tenants: readonly Tenant[]
}

export const useKeys = create<KeysState>(() => ({
  keys: loading,
  uses: null,
  limits: new Map(),
  tenants: [],
}))

export async function loadKeys(): Promise<void> {
  try {
    const { data } = await request('GET /v1/api-keys')
    useKeys.setState({ keys: ready(data) })
  } catch (cause) {
    useKeys.setState(({ keys }) => (keys.status === 'ready' ? {} : { keys: failed(cause) }))
  }
}

export async function loadKeyFigures(): Promise<void> {
  const [usage, limits] = await Promise.all([
    request('GET /v1/usage', { query: { bucket: 'hour' } }),
    request('GET /v1/api-keys/limits'),
  ])
  useKeys.setState({
    uses: new Map(usage.keys.map((used) => [used.key_id ?? '', used])),
    limits: new Map(limits.data.map((one) => [one.key_id, one])),
  })
}

export async function loadTenants(): Promise<void> {
  const { data } = await request('GET /v1/tenants', { query: { limit: 100 } })
  useKeys.setState({ tenants: data })
}

export const { useTask: useKeyTask, beginTask, endTask } = createTaskStore<KeyTask>()

export async function createKey(draft: KeyDraft): Promise<void> {
  const created = await request('POST /v1/api-keys', {
    body: {
      ...settingsOf(draft),
      mode: draft.mode,
      prefix: 'ms',
      expires_in_days: expiryDays(draft.expiry),
      ...(draft.tenant === noTenant ? {} : { tenant_id: draft.tenant }),
    },
  })
  beginTask({ type: 'reveal', created, graceUntil: null })
  void loadKeys()
}

export async function rotateKey(key: Key, graceSeconds: number): Promise<void> {
  const created = await request('POST /v1/api-keys/{id}/rotate', {
    params: { id: key.id },
    body: { grace_seconds: graceSeconds },
  })
  beginTask({ type: 'reveal', created, graceUntil: created.grace_until })
  void loadKeys()
}

type KeyEdit = Partial<ReturnType<typeof settingsOf>> & { enabled?: boolean }

export async function changeKey(key: Key, body: KeyEdit): Promise<void> {
  await request('PATCH /v1/api-keys/{id}', { params: { id: key.id }, body })
  await loadKeys()
}

export async function revokeKey(key: Key): Promise<void> {
  await request('DELETE /v1/api-keys/{id}', { params: { id: key.id } })
  await loadKeys()
}

listen({
  connected: loadKeys,
  events: (events) => {
    if (events.some(({ type }) => type.startsWith('key.'))) void loadKeys()
  },
})
