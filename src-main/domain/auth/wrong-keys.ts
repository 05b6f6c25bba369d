import type { Clock } from '../../base/clock.ts'
import { addressGroup } from '../../base/ip-addresses.ts'
import { Fault } from '../../contract/faults.ts'

export type WrongKeys = ReturnType<typeof createWrongKeys>

type Failures = { left: number; filledAt: number; held: number }

/** So many wrong keys are answered at once, and so many more each minute. */
const maxFree = 20
const freePerMinute = 20
const maxAddresses = 10_000
/** Beyond that a wrong key waits for its answer; under a second, so that a mistake costs little. */
const delayMs = 500
/** Wrong keys of one address that may wait at a time; the next is refused without a wait. */
const maxHeld = 64

/** A key was sent and is not good; that one is missing is no guess. */
export const isWrongKey = ({ code }: Fault): boolean =>
  code === 'invalid_api_key' || code === 'expired_api_key'

/**
 * Slows down an address that sends wrong keys. A key is looked up before its address is judged, so
 * a right key always works, also beside a hostile client of the same address: on one machine all
 * share loopback. That gives nothing away to one who guesses, since keys hold 142 random bits; it
 * is the server's time that has to be protected, and failing answers alone are held back for that.
 */
export function createWrongKeys({ clock }: { readonly clock: Clock }) {
  /** By address, the one that failed last at the end. */
  const failures = new Map<string, Failures>()

  function failuresOf(address: string): Failures {
    const group = addressGroup(address)
    const now = clock.elapsed()
    const known = failures.get(group) ?? { left: maxFree, filledAt: now, held: 0 }
    const gained = (Math.max(0, now - known.filledAt) / 60_000) * freePerMinute
    known.left = Math.min(maxFree, known.left + gained)
    known.filledAt = now
    failures.delete(group)
    failures.set(group, known)
    const [oldest] = failures.keys()
    if (failures.size > maxAddresses && oldest !== undefined) failures.delete(oldest)
    return known
  }

  return {
    /** Counts a wrong key; answers the refusal to give instead once there were too many. */
    count(address: string): Fault | null {
      const known = failuresOf(address)
      if (known.left >= 1) {
        known.left -= 1
        return null
      }
      const waitSeconds = Math.max(1, Math.ceil(((1 - known.left) / freePerMinute) * 60))
      return new Fault(
        'too_many_wrong_keys',
        `This API key is not valid either, and this address has sent too many such keys. Wait ${waitSeconds} s, then send a valid key.`,
        { retry_after: waitSeconds },
      )
    },

    /** Resolves when the refusal of a wrong key may be sent; false: hang up behind it. */
    async hold(address: string): Promise<boolean> {
      const known = failuresOf(address)
      if (known.held >= maxHeld) return false
      known.held += 1
      await new Promise<void>((resolve) => clock.after(delayMs, resolve))
      known.held -= 1
      return true
    },
  }
}
