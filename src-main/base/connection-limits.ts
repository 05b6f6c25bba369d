/** A connection that counts towards the limits. */
export type LimitedConnection = {
  readonly addressGroup: string
  /** Many clients share this address, such as that of a proxy: only the total is limited. */
  readonly isShared?: boolean
  /**
   * Idle time in ms, or null for a connection that is never closed for others. The idle time of a
   * connection with earlier work may count less, so that a new one is not closed first.
   */
  readonly idleMs: () => number | null
  readonly makeRoom: () => void
}

type ConnectionLimits = { readonly max: number; readonly maxPerAddress: number }

/**
 * Limits the connections in total and per address. All local clients share one address, so a reached
 * limit does not refuse a new connection: the connection with the longest idle time is closed for it.
 */
export function createConnectionLimits({ max, maxPerAddress }: ConnectionLimits) {
  const connections = new Set<LimitedConnection>()
  const counts = new Map<string, number>()

  function release(connection: LimitedConnection): void {
    if (!connections.delete(connection)) return
    const left = (counts.get(connection.addressGroup) ?? 0) - 1
    if (left > 0) counts.set(connection.addressGroup, left)
    else counts.delete(connection.addressGroup)
  }

  /** The first of those with equal idle times. */
  function idlest(addressGroup: string | null): LimitedConnection | null {
    let chosen: LimitedConnection | null = null
    let chosenMs = -1
    for (const connection of connections) {
      if (addressGroup !== null && connection.addressGroup !== addressGroup) continue
      const idleMs = connection.idleMs() ?? -1
      if (idleMs <= chosenMs) continue
      chosen = connection
      chosenMs = idleMs
    }
    return chosen
  }

  /** True when the limit is not reached, or a connection was closed for the new one. */
  function clear(isFull: boolean, addressGroup: string | null): boolean {
    if (!isFull) return true
    const connection = idlest(addressGroup)
    if (!connection) return false
    release(connection)
    connection.makeRoom()
    return true
  }

  return {
    /** Adds a connection; false when the limit is reached and no other connection is idle. */
    take(connection: LimitedConnection): boolean {
      const { addressGroup, isShared } = connection
      const own = counts.get(addressGroup) ?? 0
      const isShareFull = own >= maxPerAddress && !isShared
      if (!clear(isShareFull, addressGroup) || !clear(connections.size >= max, null)) return false
      connections.add(connection)
      counts.set(addressGroup, (counts.get(addressGroup) ?? 0) + 1)
      return true
    },

    release,
  }
}
