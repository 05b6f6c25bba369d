import { create } from 'zustand'
import type { NewRelay, Relay } from '../../../src-main/contract/relays.ts'
import { listen } from '../../live.ts'
import { type Reply, RequestFailure, request } from '../../request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

/** How the last test of a relay went. */
export type TestResult =
  | { readonly status: 'running' }
  | { readonly status: 'ok'; readonly answer: Reply<'POST /v1/relays/{id}/test'> }
  | { readonly status: 'failed'; readonly sentence: string }

export type RelayTask =
  | { readonly type: 'add' }
  | { readonly type: 'edit'; readonly relay: Relay }
  | { readonly type: 'delete'; readonly relay: Relay }
  | { readonly type: 'test'; readonly relay: Relay }

type RelaysState = {
  readonly relays: Load<readonly Relay[]>
  readonly task: RelayTask | null
  readonly test: TestResult | null
}

export const useRelays = create<RelaysState>(() => ({ relays: loading, task: null, test: null }))

export async function loadRelays(): Promise<void> {
  try {
    const { data } = await request('GET /v1/relays')
    useRelays.setState({ relays: ready(data) })
  } catch (cause) {
    useRelays.setState(({ relays }) => (relays.status === 'ready' ? {} : { relays: failed(cause) }))
  }
}

export function beginTask(task: RelayTask): void {
  useRelays.setState({ task, test: null })
}

export function endTask(): void {
  useRelays.setState({ task: null, test: null })
}

/** A password of null leaves the one the relay has. */
export async function saveRelay(relay: Relay | null, form: NewRelay): Promise<void> {
  if (relay === null) {
    await request('POST /v1/relays', { body: form })
  } else {
    const { password, ...rest } = form
    const body = password === null && rest.username !== null ? rest : { ...rest, password }
    await request('PATCH /v1/relays/{id}', { params: { id: relay.id }, body })
  }
  await loadRelays()
}

export async function deleteRelay({ id }: Relay): Promise<void> {
  await request('DELETE /v1/relays/{id}', { params: { id } })
  await loadRelays()
}

export async function testRelay({ id }: Relay, recipient: string): Promise<void> {
  useRelays.setState({ test: { status: 'running' } })
  const body = recipient === '' ? {} : { recipient }
  try {
    const answer = await request('POST /v1/relays/{id}/test', { params: { id }, body })
    useRelays.setState({ test: { status: 'ok', answer } })
  } catch (cause) {
    const sentence = cause instanceof RequestFailure ? cause.message : String(cause)
    useRelays.setState({ test: { status: 'failed', sentence } })
  }
  void loadRelays()
}

listen({
  connected: loadRelays,
  events: (events) => {
    if (events.some(({ type }) => type.startsWith('relay.'))) void loadRelays()
  },
})
