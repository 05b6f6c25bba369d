import { create } from 'zustand'
import type { Outcome } from '../../../src-main/contract/events.ts'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { request, requestContent } from '../../app/request.ts'
import { saveFile } from '../../app/save-file.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { type Range, spanOf } from './usage-range.ts'

/** What the figures are narrowed down to; the key is the place in the window: `#/usage/<key id>`. */
export type UsageFilters = {
  readonly keyId?: string
  readonly tenantId?: string
  readonly route?: string
  readonly outcome?: Outcome
}

export type Measure = 'outcomes' | 'latency' | 'emails'

type UsageState = {
  readonly range: Range
  /** Ranges left by zooming in, the last one first to go back to. */
  readonly earlier: readonly Range[]
  readonly filters: UsageFilters
  readonly measure: Measure
  readonly usage: Load<Usage>
  /** Figures of another question are still shown. */
  readonly isStale: boolean
  readonly keys: ReadonlyMap<string, Key>
  readonly tenants: ReadonlyMap<string, string>
  readonly areKeysKnown: boolean
}

export const useUsage = create<UsageState>(() => ({
  range: { type: 'preset', preset: '24h' },
  earlier: [],
  filters: {},
  measure: 'outcomes',
  usage: loading,
  isStale: false,
  keys: new Map(),
  tenants: new Map(),
  areKeysKnown: false,
}))

let asked = 0

export async function loadUsage(): Promise<void> {
  asked += 1
  const mine = asked
  try {
    const usage = await request('GET /v1/usage', {
      query: { ...questionNow(), compare: 'previous' },
    })
    if (mine === asked) useUsage.setState({ usage: ready(usage), isStale: false })
    await loadNames(usage)
  } catch (cause) {
    if (mine !== asked) return
    useUsage.setState(({ usage, isStale }) =>
      usage.status === 'ready' && !isStale ? {} : { usage: failed(cause), isStale: false },
    )
  }
}

function questionNow() {
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

/** Asks for keys and tenants only when usage names one that is not known yet. */
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

function ask(change: Partial<UsageState>): void {
  useUsage.setState({ ...change, isStale: true })
  void loadUsage()
}

export function chooseRange(range: Range): void {
  ask({ range, earlier: [] })
}

/** Into a part of what is shown; `zoomBack` comes back here. */
export function zoomIn(range: Range): void {
  const { range: now, earlier } = useUsage.getState()
  ask({ range, earlier: [now, ...earlier] })
}

export function zoomBack(): void {
  const [range, ...earlier] = useUsage.getState().earlier
  if (range) ask({ range, earlier })
}

export function narrow(change: UsageFilters): void {
  ask({ filters: { ...useUsage.getState().filters, ...change } })
}

export function widen(name: keyof UsageFilters): void {
  const { [name]: _, ...filters } = useUsage.getState().filters
  ask({ filters })
}

/** Follows the place: a key's own page, or everybody's. */
export function showKey(keyId: string | null): void {
  const { filters } = useUsage.getState()
  if ((filters.keyId ?? null) === keyId) return
  if (keyId === null) widen('keyId')
  else narrow({ keyId })
}

export function measureBy(measure: Measure): void {
  useUsage.setState({ measure })
}

export async function exportUsage(): Promise<void> {
  try {
    const response = await requestContent('GET /v1/usage.csv', { query: questionNow() })
    await saveFile('usage.csv', await response.blob())
  } catch (cause) {
    toastFailure(cause)
  }
}
