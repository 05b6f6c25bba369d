import { create } from 'zustand'
import type { Outcome } from '../../../src-main/contract/events.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { request, requestContent } from '../../app/request.ts'
import { saveFile } from '../../app/save-file.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { type Range, spanOf } from './usage-range.ts'

/** The filters of the figures. The key filter is part of the URL: `#/usage/<key id>`. */
export type UsageFilters = {
  readonly keyId?: string
  readonly tenantId?: string
  readonly route?: string
  readonly outcome?: Outcome
}

export type Measure = 'outcomes' | 'latency' | 'emails'

type UsageState = {
  readonly range: Range
  /** Ranges before each zoom, the latest first. */
  readonly history: readonly Range[]
  readonly filters: UsageFilters
  readonly measure: Measure
  readonly usage: Load<Usage>
  /** The figures shown belong to an older query. */
  readonly isStale: boolean
  readonly keys: ReadonlyMap<string, Key>
  readonly tenants: ReadonlyMap<string, string>
  readonly areKeysKnown: boolean
}

export const useUsage = create<UsageState>(() => ({
  range: { type: 'preset', preset: '24h' },
  history: [],
  filters: {},
  measure: 'outcomes',
  usage: loading,
  isStale: false,
  keys: new Map(),
  tenants: new Map(),
  areKeysKnown: false,
}))

let lastRequest = 0

export async function loadUsage(): Promise<void> {
  lastRequest += 1
  const number = lastRequest
  try {
    const usage = await request('GET /v1/usage', {
      query: { ...currentQuery(), compare: 'previous' },
    })
    if (number === lastRequest) useUsage.setState({ usage: ready(usage), isStale: false })
    await loadNames(usage)
  } catch (cause) {
    if (number !== lastRequest) return
    useUsage.setState(({ usage, isStale }) =>
      usage.status === 'ready' && !isStale ? {} : { usage: failed(cause), isStale: false },
    )
  }
}

function currentQuery() {
  const { range, filters } = useUsage.getState()
  const { keyId, tenantId, route, outcome } = filters
  return {
    ...spanOf(range, Date.now()),
    ...(keyId ? { key_id: keyId } : {}),
    ...(tenantId ? { tenant_id: tenantId } : {}),
    ...(route ? { route } : {}),
    ...(outcome ? { outcome } : {}),
  }
}

/** Loads keys and tenants only when the usage refers to an unknown one. */
async function loadNames(usage: Usage): Promise<void> {
  const { keys, tenants, areKeysKnown } = useUsage.getState()
  const isNew = usage.keys.some(({ key_id: id }) => id !== null && !keys.has(id))
  if (!areKeysKnown || isNew) {
    const { data } = await request('GET /v1/api-keys')
    useUsage.setState({ keys: new Map(data.map((key) => [key.id, key])), areKeysKnown: true })
  }
  const named = usage.tenants.flatMap(({ tenant_id: id }) => (id === null ? [] : [id]))
  if (named.every((id) => tenants.has(id))) return
  const { data } = await request('GET /v1/tenants', { query: { limit: 100 } })
  useUsage.setState({
    tenants: new Map([
      ...named.map((id) => [id, id] as const),
      ...data.map(({ id, name }) => [id, name] as const),
    ]),
  })
}

function reload(change: Partial<UsageState>): void {
  useUsage.setState({ ...change, isStale: true })
  void loadUsage()
}

export function chooseRange(range: Range): void {
  reload({ range, history: [] })
}

/** Shows a part of the range; `zoomBack` returns to the current one. */
export function zoomIn(range: Range): void {
  const { range: current, history } = useUsage.getState()
  reload({ range, history: [current, ...history] })
}

export function zoomBack(): void {
  const [range, ...history] = useUsage.getState().history
  if (range) reload({ range, history })
}

export function addFilter(change: UsageFilters): void {
  reload({ filters: { ...useUsage.getState().filters, ...change } })
}

export function removeFilter(name: keyof UsageFilters): void {
  const { [name]: _, ...filters } = useUsage.getState().filters
  reload({ filters })
}

/** Shows the page of one key, or of all keys. */
export function showKey(keyId: string | null): void {
  const { filters } = useUsage.getState()
  if ((filters.keyId ?? null) === keyId) return
  if (keyId === null) removeFilter('keyId')
  else addFilter({ keyId })
}

export function setMeasure(measure: Measure): void {
  useUsage.setState({ measure })
}

export async function exportUsage(): Promise<void> {
  try {
    const response = await requestContent('GET /v1/usage.csv', { query: currentQuery() })
    await saveFile('usage.csv', await response.blob())
  } catch (cause) {
    toastFailure(cause)
  }
}
