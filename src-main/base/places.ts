/** A connection that takes up a place, as far as the choice of the one that makes room needs it. */
export type Occupant = {
  readonly addressGroup: string
  /** Many clients come from this address, such as a proxy's: only the whole is limited. */
  readonly isShared?: boolean
  /**
   * For how many ms it has done nothing with its place; the highest makes room first, null never.
   * One that did more before may count less, so that a newcomer is never the first to go.
   */
  readonly idleMs: () => number | null
  readonly makeRoom: () => void
}

type PlaceLimits = { readonly max: number; readonly maxPerAddress: number }

/**
 * Places for connections. All local clients share one address, so a full share does not refuse the
 * newcomer: the connection that does least with its place makes room for it.
 */
export function createPlaces({ max, maxPerAddress }: PlaceLimits) {
  const occupants = new Set<Occupant>()
  const counts = new Map<string, number>()

  function release(occupant: Occupant): void {
    if (!occupants.delete(occupant)) return
    const left = (counts.get(occupant.addressGroup) ?? 0) - 1
    if (left > 0) counts.set(occupant.addressGroup, left)
    else counts.delete(occupant.addressGroup)
  }

  /** Among equals the one that came first. */
  function idlest(addressGroup: string | null): Occupant | null {
    let chosen: Occupant | null = null
    let chosenMs = -1
    for (const occupant of occupants) {
      if (addressGroup !== null && occupant.addressGroup !== addressGroup) continue
      const idleMs = occupant.idleMs() ?? -1
      if (idleMs <= chosenMs) continue
      chosen = occupant
      chosenMs = idleMs
    }
    return chosen
  }

  /** True: there is room, or there is now. */
  function clear(isFull: boolean, addressGroup: string | null): boolean {
    if (!isFull) return true
    const occupant = idlest(addressGroup)
    if (!occupant) return false
    release(occupant)
    occupant.makeRoom()
    return true
  }

  return {
    /** Takes a place; false when everybody who might make room is busy. */
    take(occupant: Occupant): boolean {
      const { addressGroup, isShared } = occupant
      const own = counts.get(addressGroup) ?? 0
      const isShareFull = own >= maxPerAddress && !isShared
      if (!clear(isShareFull, addressGroup) || !clear(occupants.size >= max, null)) return false
      occupants.add(occupant)
      counts.set(addressGroup, (counts.get(addressGroup) ?? 0) + 1)
      return true
    },

    release,
  }
}
