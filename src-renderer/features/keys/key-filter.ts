import type { Key } from '../../../src-main/contract/keys.ts'

export const keyStates = [
  'active',
  'rotating',
  'expiring',
  'expired',
  'disabled',
  'unused',
] as const
export type KeyState = (typeof keyStates)[number]

export type KeySort = 'used' | 'name'

export type KeyFilter = {
  readonly text: string
  readonly mode: 'all' | 'live' | 'test'
  readonly state: KeyState | 'any'
  readonly sort: KeySort
}

const soonMs = 14 * 86_400_000

/** A key can have several states at once. */
export function statesOf(key: Key, nowMs: number): readonly KeyState[] {
  const leftMs = key.expires_at === null ? Infinity : Date.parse(key.expires_at) - nowMs
  const isExpired = leftMs <= 0
  const isRotating = key.grace_until !== null && Date.parse(key.grace_until) > nowMs
  return [
    ...(key.enabled && !isExpired ? (['active'] as const) : []),
    ...(isRotating ? (['rotating'] as const) : []),
    ...(!isExpired && leftMs < soonMs ? (['expiring'] as const) : []),
    ...(isExpired ? (['expired'] as const) : []),
    ...(key.enabled ? [] : (['disabled'] as const)),
    ...(key.last_used_at === null ? (['unused'] as const) : []),
  ]
}

/** The keys that match a filter, in its order. */
export function filterKeys(keys: readonly Key[], filter: KeyFilter, nowMs: number): readonly Key[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return keys
    .filter((key) => filter.mode === 'all' || key.mode === filter.mode)
    .filter((key) => filter.state === 'any' || statesOf(key, nowMs).includes(filter.state))
    .filter((key) => words.every((word) => textOf(key).includes(word)))
    .toSorted((a, b) => (filter.sort === 'name' ? byName(a, b) : byUse(a, b)))
}

function textOf({ name, prefix, inbox, tenant_id, last_used_from, permissions }: Key): string {
  return [name, prefix, inbox, tenant_id, last_used_from, ...permissions].join(' ').toLowerCase()
}

const byName = (a: Key, b: Key): number =>
  a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: 'base' })

/** Last used first; unused keys follow, newest first. */
function byUse(a: Key, b: Key): number {
  const used = Date.parse(b.last_used_at ?? '') - Date.parse(a.last_used_at ?? '')
  if (!Number.isNaN(used)) return used
  if (a.last_used_at !== null) return -1
  if (b.last_used_at !== null) return 1
  return Date.parse(b.created_at) - Date.parse(a.created_at)
}
