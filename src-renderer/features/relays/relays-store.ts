import { create } from 'zustand'
import type { RelayConversation, RelayTested } from '../../../src-main/contract/relay-tests.ts'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { listen } from '../../app/live.ts'
import { RequestFailure, request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { createTaskStore } from '../../app/task-store.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { moved } from './failover.ts'
import type { RelayBody } from './relay-form.ts'

export type TestResult =
  | { readonly status: 'running' }
  | { readonly status: 'ok'; readonly answer: RelayTested }
  | {
      readonly status: 'failed'
      readonly code: string
      readonly sentence: string
      readonly conversation: RelayConversation | null
    }

/** The open dialog, except a relay's own, which the URL names. */
export type RelayTask =
  | { readonly type: 'add' }
  | { readonly type: 'delete'; readonly relay: Relay }
  | { readonly type: 'test'; readonly relay: Relay }

type RelaysState = {
  readonly relays: Load<readonly Relay[]>
}

export const useRelays = create<RelaysState>(() => ({ relays: loading }))

export async function loadRelays(): Promise<void> {
  try {
    const { data } = await request('GET /v1/relays')
    useRelays.setState({ relays: ready(data) })
  } catch (cause) {
    useRelays.setState(({ relays }) => (relays.status === 'ready' ? {} : { relays: failed(cause) }))
  }
}

export const {
  useTask: useRelayTask,
  beginTask,
  endTask,
} = createTaskStore<RelayTask>(() => go('relays'))

export async function saveRelay(known: Relay | null, body: RelayBody): Promise<void> {
  if (known === null) await request('POST /v1/relays', { body })
  else await request('PATCH /v1/relays/{id}', { params: { id: known.id }, body })
  await loadRelays()
}

export async function deleteRelay({ id }: Relay): Promise<void> {
  await request('DELETE /v1/relays/{id}', { params: { id } })
  await loadRelays()
}

export async function makeDefault({ id }: Relay): Promise<void> {
  try {
    await request('PATCH /v1/relays/{id}', { params: { id }, body: { is_default: true } })
    await loadRelays()
  } catch (cause) {
    toastFailure(cause)
  }
}

/** Moves a relay without tenant; the list shows the new order before the server confirms it. */
export async function moveRelay(id: string, by: number): Promise<void> {
  const { relays } = useRelays.getState()
  if (relays.status !== 'ready') return
  const own = relays.value.filter(({ tenant_id }) => tenant_id === null)
  const before = own.map((relay) => relay.id)
  const ids = moved(before, id, by)
  if (ids === before) return
  const sorted = own.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  const others = relays.value.filter(({ tenant_id }) => tenant_id !== null)
  useRelays.setState({ relays: ready([...sorted, ...others]) })
  try {
    await request('PUT /v1/relays/order', { body: { ids: [...ids] } })
  } catch (cause) {
    toastFailure(cause)
  }
  await loadRelays()
}

export async function testRelay({ id }: Relay, recipient: string): Promise<TestResult> {
  const body = recipient === '' ? {} : { recipient }
  const result = await resultOf(request('POST /v1/relays/{id}/test', { params: { id }, body }))
  void loadRelays()
  return result
}

export function testDraft(known: Relay | null, body: RelayBody): Promise<TestResult> {
  const { host, port, tls, tls_verify, username, password, oauth2 } = body
  const draft = { host, port, tls, tls_verify, username }
  return resultOf(
    request('POST /v1/relays/test', {
      body: {
        ...draft,
        ...(password === undefined ? {} : { password }),
        ...(oauth2 === undefined ? {} : { oauth2 }),
        ...(known ? { relay_id: known.id } : {}),
      },
    }),
  )
}

async function resultOf(test: Promise<RelayTested>): Promise<TestResult> {
  try {
    return { status: 'ok', answer: await test }
  } catch (cause) {
    if (!(cause instanceof RequestFailure)) {
      return { status: 'failed', code: 'unknown', sentence: String(cause), conversation: null }
    }
    const { code, message, details } = cause
    // The cast is safe: the server of this window writes the contract's shape.
    const known = details as { readonly conversation?: RelayConversation } | null
    return { status: 'failed', code, sentence: message, conversation: known?.conversation ?? null }
  }
}

listen({
  connected: loadRelays,
  events: (events) => {
    if (events.some(({ type }) => type.startsWith('relay.'))) void loadRelays()
  },
})
