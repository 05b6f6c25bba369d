/** A connection that takes up a place, as far as the choice of the one that makes room needs it. */
export type SlotHolder = {
  readonly addressGroup: string
  /** Many clients share this address, such as a proxy's: only the total is limited. */
  readonly isShared?: boolean
  /**
   * Idle time in ms; the highest gives up its slot first, null never. The idle time of a connection
   * with earlier work may count less, so that a new connection is never the first to be closed.
   */
  readonly idleMs: () => number | null
  readonly makeRoom: () => void
}

type SlotLimits = { readonly max: number; readonly maxPerAddress: number }

/**
 * Slots for connections. All local clients share one address, so a full share does not refuse a new
 * connection: the connection with the longest idle time is closed for it.
 */
export function createSlots({ max, maxPerAddress }: SlotLimits) {
  const holders = new Set<SlotHolder>()
  const counts = new Map<string, number>()

  function release(holder: SlotHolder): void {
    if (!holders.delete(holder)) return
    const left = (counts.get(holder.addressGroup) ?? 0) - 1
    if (left > 0) counts.set(holder.addressGroup, left)
    else counts.delete(holder.addressGroup)
  }

  /** Among equals the one that came first. */
  function idlest(addressGroup: string | null): SlotHolder | null {
    let chosen: SlotHolder | null = null
    let chosenMs = -1
    for (const holder of holders) {
      if (addressGroup !== null && holder.addressGroup !== addressGroup) continue
      const idleMs = holder.idleMs() ?? -1
      if (idleMs <= chosenMs) continue
      chosen = holder
      chosenMs = idleMs
    }
    return chosen
  }

  /** True when a slot is free, or was freed. */
  function clear(isFull: boolean, addressGroup: string | null): boolean {
    if (!isFull) return true
    const holder = idlest(addressGroup)
    if (!holder) return false
    release(holder)
    holder.makeRoom()
    return true
  }

  return {
    /** Takes a place; false when everybody who might make room is busy. */
    take(holder: SlotHolder): boolean {
      const { addressGroup, isShared } = holder
      const own = counts.get(addressGroup) ?? 0
      const isShareFull = own >= maxPerAddress && !isShared
      if (!clear(isShareFull, addressGroup) || !clear(holders.size >= max, null)) return false
      holders.add(holder)
      counts.set(addressGroup, (counts.get(addressGroup) ?? 0) + 1)
      return true
    },

    release,
  }
}
