import { create } from 'zustand'
import type { CreatedKey, Key } from '../../../src-main/contract/keys.ts'
import { listen } from '../../live.ts'
import { request } from '../../request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

/** What a person is doing with keys; one dialog at a time. */
export type KeyTask =
  | { readonly type: 'create' }
  | { readonly type: 'edit'; readonly key: Key }
  | { readonly type: 'rotate'; readonly key: Key }
  | { readonly type: 'revoke'; readonly key: Key }
  | { readonly type: 'reveal'; readonly created: CreatedKey; readonly graceUntil: string | null }

type KeysState = {
  readonly keys: Load<readonly Key[]>
  /** Requests in the last 24 hours, by key id; null until known. */
  readonly requests: ReadonlyMap<string, number> | null
  readonly task: KeyTask | null
}

export const useKeys = create<KeysState>(() => ({ keys: loading, requests: null, task: null }))

export async function loadKeys(): Promise<void> {
  try {
    const { data } = await request('GET /v1/api-keys')
    useKeys.setState({ keys: ready(data) })
  } catch (cause) {
    useKeys.setState(({ keys }) => (keys.status === 'ready' ? {} : { keys: failed(cause) }))
  }
}

export async function loadKeyRequests(): Promise<void> {
  const { keys } = await request('GET /v1/usage', { query: { bucket: 'hour' } })
  useKeys.setState({
    requests: new Map(keys.map(({ key_id, requests }) => [key_id ?? '', requests])),
  })
}

export function beginTask(task: KeyTask): void {
  useKeys.setState({ task })
}

export function endTask(): void {
  useKeys.setState({ task: null })
}

type NewKeyChoice = {
  name: string
  mode: 'live' | 'test'
  permissions: Key['permissions']
  expiresInDays: number | null
}

export async function createKey(choice: NewKeyChoice): Promise<void> {
  const { expiresInDays, ...rest } = choice
  const created = await request('POST /v1/api-keys', {
    body: { ...rest, prefix: 'ms', expires_in_days: expiresInDays },
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

type KeyEdit = { name?: string; permissions?: Key['permissions']; enabled?: boolean }

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
