import { create } from 'zustand'
import type { Alert } from '../../../src-main/contract/alerts.ts'
import { type Event, outcomes } from '../../../src-main/contract/events.ts'
import type { KeyAddress } from '../../../src-main/contract/key-figures.ts'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

export type KeyRange = '24h' | '7d'

type KeyDetail = {
  readonly id: string | null
  readonly range: KeyRange
  readonly usage: Load<Usage>
  readonly addresses: Load<readonly KeyAddress[]>
  readonly refusals: Load<readonly LogEntry[]>
  readonly audit: Load<readonly LogEntry[]>
  readonly alerts: Load<readonly Alert[]>
}

const unknown = {
  usage: loading,
  addresses: loading,
  refusals: loading,
  audit: loading,
  alerts: loading,
} as const

export const useKeyDetail = create<KeyDetail>(() => ({ id: null, range: '24h', ...unknown }))

const hourMs = 3_600_000
const weekMs = 168 * hourMs
const maxRefusals = 8

/** Requests of this screen itself; their events must not cause another load. */
const ownRoutes: readonly unknown[] = [
  'GET /v1/usage',
  'GET /v1/logs',
  'GET /v1/alerts',
  'GET /v1/api-keys',
  'GET /v1/api-keys/limits',
  'GET /v1/api-keys/{id}/addresses',
]

/** True when the event reports a use or a change of this key. */
export function concernsKey(id: string, { key_id, type, data }: Event): boolean {
  return key_id === id && !(type === 'request' && ownRoutes.includes(data.route))
}

export function openKey(id: string): void {
  if (useKeyDetail.getState().id !== id) useKeyDetail.setState({ id, ...unknown })
  void loadKeyDetail()
}

export function showRange(range: KeyRange): void {
  useKeyDetail.setState({ range })
  void loadKeyDetail()
}

export async function loadKeyDetail(): Promise<void> {
  const { id, range } = useKeyDetail.getState()
  if (id === null) return
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
  const from = ago(range === '24h' ? 24 * hourMs : weekMs)
  const week = { from: ago(weekMs) }
  await Promise.all([
    loadPart('usage', id, () =>
      request('GET /v1/usage', { query: { key_id: id, bucket: 'hour', from } }),
    ),
    loadPart('addresses', id, async () => {
      const { data } = await request('GET /v1/api-keys/{id}/addresses', { params: { id } })
      return data
    }),
    loadPart('refusals', id, () => loadRefusals(id, week.from)),
    loadPart('audit', id, async () => {
      const query = { key_id: id, type: 'audit', limit: 20 } as const
      return (await request('GET /v1/logs', { query })).data
    }),
    loadPart('alerts', id, async () => {
      const { data } = await request('GET /v1/alerts', { query: { limit: 100 } })
      return data.filter(({ subject }) => subject === id)
    }),
  ])
}

type Part = keyof typeof unknown
type ValueOf<P extends Part> = KeyDetail[P] extends Load<infer T> ? T : never

/** Stores a loaded part if the same key is still open. A failed reload keeps the older value. */
async function loadPart<P extends Part>(
  part: P,
  id: string,
  load: () => Promise<ValueOf<P>>,
): Promise<void> {
  const loaded = await load().then(ready, failed)
  const { id: openId, [part]: before } = useKeyDetail.getState()
  if (openId !== id || (loaded.status === 'failed' && before.status === 'ready')) return
  useKeyDetail.setState({ [part]: loaded })
}

/** The latest refusals. Queries only outcomes that occurred, since each takes its own request. */
async function loadRefusals(id: string, from: string): Promise<readonly LogEntry[]> {
  const { totals } = await request('GET /v1/usage', {
    query: { key_id: id, bucket: 'hour', from },
  })
  const refused = outcomes.filter(
    (outcome) => outcome !== 'ok' && outcome !== 'client_closed' && totals.outcomes[outcome] > 0,
  )
  const lists = await Promise.all(
    refused.map((outcome) =>
      request('GET /v1/logs', {
        query: { key_id: id, type: 'request', outcome, from, limit: maxRefusals },
      }),
    ),
  )
  return lists
    .flatMap(({ data }) => data)
    .toSorted((a, b) => b.id - a.id)
    .slice(0, maxRefusals)
}
