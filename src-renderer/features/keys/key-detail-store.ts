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

/** What this screen asks for itself; hearing of it must not make it ask again. */
const ownRoutes: readonly unknown[] = [
  'GET /v1/usage',
  'GET /v1/logs',
  'GET /v1/alerts',
  'GET /v1/api-keys',
  'GET /v1/api-keys/limits',
  'GET /v1/api-keys/{id}/addresses',
]

/** True when the event says that this key was used or changed. */
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
    keep('usage', id, () =>
      request('GET /v1/usage', { query: { key_id: id, bucket: 'hour', from } }),
    ),
    keep('addresses', id, async () => {
      const { data } = await request('GET /v1/api-keys/{id}/addresses', { params: { id } })
      return data
    }),
    keep('refusals', id, () => refusalsOf(id, week.from)),
    keep('audit', id, async () => {
      const query = { key_id: id, type: 'audit', limit: 20 } as const
      return (await request('GET /v1/logs', { query })).data
    }),
    keep('alerts', id, async () => {
      const { data } = await request('GET /v1/alerts', { query: { limit: 100 } })
      return data.filter(({ subject }) => subject === id)
    }),
  ])
}

type Part = keyof typeof unknown
type ValueOf<P extends Part> = KeyDetail[P] extends Load<infer T> ? T : never

/** Keeps what was asked for, if that key is still the one looked at. */
async function keep<P extends Part>(
  part: P,
  id: string,
  ask: () => Promise<ValueOf<P>>,
): Promise<void> {
  const answer = await ask().then(ready, failed)
  const { id: openId, [part]: before } = useKeyDetail.getState()
  if (openId !== id || (answer.status === 'failed' && before.status === 'ready')) return
  useKeyDetail.setState({ [part]: answer })
}

/** The latest refusals; only ways to be refused that occurred are looked for. */
async function refusalsOf(id: string, from: string): Promise<readonly LogEntry[]> {
  const { totals } = await request('GET /v1/usage', {
    query: { key_id: id, bucket: 'hour', from },
  })
  const bad = outcomes.filter(
    (outcome) => outcome !== 'ok' && outcome !== 'client_closed' && totals.outcomes[outcome] > 0,
  )
  const lists = await Promise.all(
    bad.map((outcome) =>
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
