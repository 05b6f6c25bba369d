import { isLoopback } from '../../base/ip-addresses.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'

/** A change in the use of a key, evaluated later and not during the request. */
export type Signal = { readonly keyId: number; readonly at: number } & (
  | { readonly type: 'idle'; readonly idleMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const maxAddresses = 100
const maxSignals = 1000

/**
 * The last use and the addresses of each key, from the event log. An event costs one map lookup.
 * Activity that a crash loses is recorded again at the next use.
 */
export function createKeyActivity(database: Database) {
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
  const saved = database.prepare<[], { keyId: number; address: string; at: number }>(
    'SELECT key_id AS keyId, address, seen_at AS at FROM key_addresses',
  )
  for (const { keyId, address, at } of saved.iterate()) knownOf(keyId).set(address, at)

  let signals: Signal[] = []
  let added: { readonly keyId: number; readonly address: string; readonly at: number }[] = []
  let removed: { readonly keyId: number; readonly address: string }[] = []

  function knownOf(keyId: number): Map<string, number> {
    const known = addresses.get(keyId) ?? new Map<string, number>()
    addresses.set(keyId, known)
    return known
  }

  function push(signal: Signal): void {
    if (signals.length < maxSignals) signals.push(signal)
  }

  function recordUse(keyId: number, at: number): void {
    const last = lastUses.get(keyId)
    if (last !== undefined && at - last > dayMs) {
      push({ type: 'idle', keyId, at, idleMs: at - last })
    }
    if (last === undefined || at > last) lastUses.set(keyId, at)
  }

  function recordAddress(keyId: number, source: string, at: number): void {
    // All loopback addresses count as one.
    const address = isLoopback(source) ? 'this machine' : source
    const known = knownOf(keyId)
    if (known.has(address)) {
      known.set(address, at)
      return
    }
    // The first address of a key raises no alert.
    if (known.size > 0) push({ type: 'new_address', keyId, at, address, known: known.size })
    if (known.size >= maxAddresses) forgetOldest(keyId, known)
    known.set(address, at)
    added.push({ keyId, address, at })
  }

  function forgetOldest(keyId: number, known: Map<string, number>): void {
    const [oldest] = [...known].sort(([, a], [, b]) => a - b)
    if (!oldest) return
    known.delete(oldest[0])
    removed.push({ keyId, address: oldest[0] })
  }

  return {
    /** Takes a page of the event log. True when there are signals to evaluate. */
    ingest(events: readonly StoredEvent[]): boolean {
      for (const { type, keyId, at, data } of events) {
        if (keyId === null) continue
        if (type === 'key.created') lastUses.set(keyId, at)
        const isUse = ['request', 'session', 'captured', 'queued'].includes(type)
        if (!isUse) continue
        recordUse(keyId, at)
        if (typeof data.address === 'string') recordAddress(keyId, data.address, at)
      }
      return signals.length > 0
    },

    take(): readonly Signal[] {
      const taken = signals
      signals = []
      return taken
    },

    putBack(failed: readonly Signal[]): void {
      signals = [...failed, ...signals].slice(0, maxSignals)
    },

    /** Inside a transaction. */
    save(): void {
      for (const { keyId, address } of removed) remove.run(keyId, address)
      for (const { keyId, address, at } of added) insert.run(keyId, address, at)
      removed = []
      added = []
    },
  }
}
