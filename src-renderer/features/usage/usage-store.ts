import { create } from 'zustand'
import type { KeyMode } from '../../../src-main/contract/keys.ts'
import type { Usage, UsageBucket } from '../../../src-main/contract/usage.ts'
import { request } from '../../request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'

const hourMs = 3_600_000

export const ranges = {
  '1h': { spanMs: hourMs, bucket: 'minute' },
  '24h': { spanMs: 24 * hourMs, bucket: 'hour' },
  '7d': { spanMs: 168 * hourMs, bucket: 'hour' },
  '30d': { spanMs: 720 * hourMs, bucket: 'day' },
} as const satisfies Record<string, { spanMs: number; bucket: UsageBucket }>

export type Range = keyof typeof ranges

type UsageState = {
  readonly range: Range
  readonly usage: Load<Usage>
  readonly modes: ReadonlyMap<string, KeyMode | 'revoked'>
}

export const useUsage = create<UsageState>(() => ({
  range: '24h',
  usage: loading,
  modes: new Map(),
}))

let asked = 0

export async function loadUsage(): Promise<void> {
  asked += 1
  const mine = asked
  const { spanMs, bucket } = ranges[useUsage.getState().range]
  const to = new Date()
  const from = new Date(to.getTime() - spanMs)
  try {
    const query = { from: from.toISOString(), to: to.toISOString(), bucket }
    const usage = await request('GET /v1/usage', { query })
    if (mine === asked) useUsage.setState({ usage: ready(usage) })
    await loadModes(usage)
  } catch (cause) {
    if (mine !== asked) return
    useUsage.setState(({ usage }) => (usage.status === 'ready' ? {} : { usage: failed(cause) }))
  }
}

/** Asks for the keys only when usage names one that is not known yet. */
async function loadModes(usage: Usage): Promise<void> {
  const { modes } = useUsage.getState()
  if (usage.keys.every(({ key_id }) => key_id === null || modes.has(key_id))) return
  const { data } = await request('GET /v1/api-keys')
  const gone = usage.keys.map(({ key_id }) => [key_id ?? '', 'revoked'] as const)
  useUsage.setState({
    modes: new Map([...gone, ...data.map(({ id, mode }) => [id, mode] as const)]),
  })
}

export function chooseRange(range: Range): void {
  useUsage.setState({ range })
  void loadUsage()
}
