import { isLoopback } from '../../base/ip-addresses.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'

/** A change in the use of a key, evaluated later and not during the request. */
export type KeyActivity = ReturnType<typeof createKeyActivity>

export type Signal = { readonly keyId: number; readonly at: number } & (
  | { readonly type: 'idle'; readonly idleMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const maxAddresses = 100
const maxSignals = 1000

type ActivityState = {
  signals: Signal[]
  added: { readonly keyId: number; readonly address: string; readonly at: number }[]
  removed: { readonly keyId: number; readonly address: string }[]
}

type ActivityContext = {
  readonly state: ActivityState
  /** The addresses of each key with the time of the last use. */
  readonly addresses: Map<number, Map<string, number>>
  readonly lastUses: Map<number, number>
}

/**
 * The last use and the addresses of each key, from the event log. An event costs one map lookup.
 * Activity that a crash loses is recorded again at the next use.
 */
export function createKeyActivity(database: Database) {
  const state: ActivityState = { signals: [], added: [], removed: [] }
  const insert = database.prepare<[number, string, number]>(
    'INSERT OR REPLACE INTO key_addresses (key_id, address, seen_at) VALUES (?, ?, ?)',
  )
  const remove = database.prepare<[number, string]>(
    'DELETE FROM key_addresses WHERE key_id = ? AND address = ?',
  )
  const lastUses = new Map(
    database
      .prepare<[], { id: number; at: number }>(
        'SELECT id, coalesce(last_used_at, created_at) AS at FROM keys',
      )
      .all()
      .map(({ id, at }) => [id, at]),
  )
  const addresses = new Map<number, Map<string, number>>()
  const context: ActivityContext = { state, addresses, lastUses }

  const saved = database.prepare<[], { keyId: number; address: string; at: number }>(
    'SELECT key_id AS keyId, address, seen_at AS at FROM key_addresses',
  )
  for (const { keyId, address, at } of saved.iterate()) knownOf(context, keyId).set(address, at)

  return {
    /** Takes a page of the event log. True when there are signals to evaluate. */
    ingest(events: readonly StoredEvent[]): boolean {
      for (const { type, keyId, at, data } of events) {
        if (keyId === null) continue
        if (type === 'key.created') lastUses.set(keyId, at)
        const isUse = ['request', 'session', 'captured', 'queued'].includes(type)
        if (!isUse) continue
        recordUse(context, keyId, at)
        if (typeof data.address === 'string') recordAddress(context, keyId, data.address, at)
      }
      return state.signals.length > 0
    },

    take(): readonly Signal[] {
      const taken = state.signals
      state.signals = []
      return taken
    },

    putBack(failed: readonly Signal[]): void {
      state.signals = [...failed, ...state.signals].slice(0, maxSignals)
    },

    /** Inside a transaction. */
    save(): void {
      for (const { keyId, address } of state.removed) remove.run(keyId, address)
      for (const { keyId, address, at } of state.added) insert.run(keyId, address, at)
      state.removed = []
      state.added = []
    },
  }
}

function push({ state }: ActivityContext, signal: Signal): void {
  if (state.signals.length < maxSignals) state.signals.push(signal)
}

function recordUse(context: ActivityContext, keyId: number, at: number): void {
  const { lastUses } = context
  const last = lastUses.get(keyId)
  if (last !== undefined && at - last > dayMs) {
    push(context, { type: 'idle', keyId, at, idleMs: at - last })
  }
  if (last === undefined || at > last) lastUses.set(keyId, at)
}

function recordAddress(context: ActivityContext, keyId: number, source: string, at: number): void {
  const { state } = context
  // All loopback addresses count as one.
  const address = isLoopback(source) ? 'this machine' : source
  const known = knownOf(context, keyId)
  if (known.has(address)) {
    known.set(address, at)
    return
  }
  // The first address of a key raises no alert.
  if (known.size > 0) push(context, { type: 'new_address', keyId, at, address, known: known.size })
  if (known.size >= maxAddresses) forgetOldest(context, keyId, known)
  known.set(address, at)
  state.added.push({ keyId, address, at })
}

function forgetOldest({ state }: ActivityContext, keyId: number, known: Map<string, number>): void {
  const [oldest] = [...known].sort(([, a], [, b]) => a - b)
  if (!oldest) return
  known.delete(oldest[0])
  state.removed.push({ keyId, address: oldest[0] })
}

function knownOf({ addresses }: ActivityContext, keyId: number): Map<string, number> {
  const known = addresses.get(keyId) ?? new Map<string, number>()
  addresses.set(keyId, known)
  return known
}
