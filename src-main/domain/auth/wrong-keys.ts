import type { Clock } from '../../base/clock.ts'
import { addressGroup } from '../../base/ip-addresses.ts'
import { Fault } from '../../contract/faults.ts'

export type WrongKeys = ReturnType<typeof createWrongKeys>

type Failures = { left: number; filledAt: number; delayed: number }

/** So many wrong keys are answered without delay, and so many more each minute. */
const maxFree = 20
const freePerMinute = 20
const maxAddresses = 10_000
/** Delay of further refusals; under a second, so that a mistake costs little. */
const delayMs = 500
/** Delayed refusals of one address at a time; the next one is refused at once. */
const maxDelayed = 64

/** True for a wrong key; a missing key is no guess. */
export const isWrongKey = ({ code }: Fault): boolean =>
  code === 'invalid_api_key' || code === 'expired_api_key'

/**
 * Slows down an address that sends wrong keys. A valid key always works, also beside a hostile client
 * of the same address, since all clients of one machine share loopback. Guessing stays hopeless: keys
 * have 142 random bits. The delay protects the time of the server, so it applies to refusals only.
 */
export function createWrongKeys({ clock }: { readonly clock: Clock }) {
  /** By address, in the order of the last failure. */
  const failures = new Map<string, Failures>()

  function failuresOf(address: string): Failures {
    const group = addressGroup(address)
    const now = clock.elapsed()
    const known = failures.get(group) ?? { left: maxFree, filledAt: now, delayed: 0 }
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
    /** Counts a wrong key; returns another refusal to send when there were too many. */
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

    /** Resolves when the refusal may be sent; false: close the connection after it. */
    async delayRefusal(address: string): Promise<boolean> {
      const known = failuresOf(address)
      if (known.delayed >= maxDelayed) return false
      known.delayed += 1
      await new Promise<void>((resolve) => clock.after(delayMs, resolve))
      known.delayed -= 1
      return true
    },
  }
}
