import { addressGroup } from '../base/ip-addresses.ts'
import { Fault } from '../contract/faults.ts'

type HeldLimits = {
  readonly maxPerKey: number
  readonly maxPerAddress: number
  readonly max: number
}

export const heldLimits: HeldLimits = { maxPerKey: 256, maxPerAddress: 512, max: 1024 }

export type HeldRequests = ReturnType<typeof createHeldRequests>

/**
 * Limits waits and event streams, which use a connection for minutes. They do not count against
 * the connection slots, so no client can fill the slots with held requests.
 */
export function createHeldRequests({ maxPerKey, maxPerAddress, max }: HeldLimits) {
  const counts = new Map<string, number>()

  function change(name: string, by: number): void {
    const count = (counts.get(name) ?? 0) + by
    if (count > 0) counts.set(name, count)
    else counts.delete(name)
  }

  return {
    /** Counts a held request until the returned function is called, or throws a refusal. */
    hold(keyId: string, address: string): () => void {
      const shares: readonly (readonly [string, number, string])[] = [
        [`key ${keyId}`, maxPerKey, 'This API key'],
        [`address ${addressGroup(address)}`, maxPerAddress, 'This address'],
        ['all', max, 'This server'],
      ]
      for (const [name, limit, holder] of shares) {
        if ((counts.get(name) ?? 0) >= limit) throw tooManyHeld(holder, limit)
      }
      for (const [name] of shares) change(name, 1)
      return () => {
        for (const [name] of shares) change(name, -1)
      }
    },
  }
}

function tooManyHeld(holder: string, limit: number): Fault {
  return new Fault(
    'rate_limit_exceeded',
    `${holder} has ${limit} waits and event streams open, which is the limit. Close some, or try again in a moment.`,
    { retry_after: 1 },
  )
}
