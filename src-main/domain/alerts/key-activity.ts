import { isLoopback } from '../../base/ip-addresses.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'

/** What is new about how a key is used; judged later, away from the request. */
export type Mark = { readonly keyId: number; readonly at: number } & (
  | { readonly type: 'rested'; readonly restedMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const maxAddresses = 100
const maxMarks = 1000

/**
 * When and from where each key is used, learned from the event log. A new mark costs one look into
 * a map; what is lost of this in a crash is learned again with the next use.
 */
export function createKeyHabits(database: Database) {
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

  let marks: Mark[] = []
  let learned: { readonly keyId: number; readonly address: string; readonly at: number }[] = []
  let forgotten: { readonly keyId: number; readonly address: string }[] = []

  function knownOf(keyId: number): Map<string, number> {
    const known = addresses.get(keyId) ?? new Map<string, number>()
    addresses.set(keyId, known)
    return known
  }

  function mark(found: Mark): void {
    if (marks.length < maxMarks) marks.push(found)
  }

  function noteUse(keyId: number, at: number): void {
    const last = lastUses.get(keyId)
    if (last !== undefined && at - last > dayMs) {
      mark({ type: 'rested', keyId, at, restedMs: at - last })
    }
    if (last === undefined || at > last) lastUses.set(keyId, at)
  }

  function noteAddress(keyId: number, written: string, at: number): void {
    // This machine has many names for itself.
    const address = isLoopback(written) ? 'this machine' : written
    const known = knownOf(keyId)
    if (known.has(address)) {
      known.set(address, at)
      return
    }
    // The first one is where the key lives.
    if (known.size > 0) mark({ type: 'new_address', keyId, at, address, known: known.size })
    if (known.size >= maxAddresses) forgetOldest(keyId, known)
    known.set(address, at)
    learned.push({ keyId, address, at })
  }

  function forgetOldest(keyId: number, known: Map<string, number>): void {
    const [oldest] = [...known].sort(([, a], [, b]) => a - b)
    if (!oldest) return
    known.delete(oldest[0])
    forgotten.push({ keyId, address: oldest[0] })
  }

  return {
    /** Learns from a page of the log; answers whether there is something to judge. */
    learn(events: readonly StoredEvent[]): boolean {
      for (const { type, keyId, at, data } of events) {
        if (keyId === null) continue
        if (type === 'key.created') lastUses.set(keyId, at)
        const isUse = ['request', 'session', 'captured', 'queued'].includes(type)
        if (!isUse) continue
        noteUse(keyId, at)
        if (typeof data.address === 'string') noteAddress(keyId, data.address, at)
      }
      return marks.length > 0
    },

    take(): readonly Mark[] {
      const taken = marks
      marks = []
      return taken
    },

    putBack(untold: readonly Mark[]): void {
      marks = [...untold, ...marks].slice(0, maxMarks)
    },

    /** Inside a transaction. */
    save(): void {
      for (const { keyId, address } of forgotten) remove.run(keyId, address)
      for (const { keyId, address, at } of learned) insert.run(keyId, address, at)
      forgotten = []
      learned = []
    },
  }
}
