import type { Clock } from '../../base/clock.ts'
import { type DeliveryQueues, type MailQueue, maxCounted } from './delivery-queues.ts'
import type { RelayQuota } from './quota.ts'
import type { RelayRow } from './rows.ts'
import { showReply } from './shown-to.ts'
import type { RelaySlots } from './slots.ts'

export type Admission = {
  /** The relay with a free slot; `wait`: none has one yet; `none`: no relay has any quota left today. */
  readonly choice: number | 'wait' | 'none'
  /** True when a relay has quota left and is not known to fail. */
  readonly isOpen: boolean
  /** True when mail waits only because no relay answers. */
  readonly isClosed: boolean
}

export type RelayAdmission = ReturnType<typeof createRelayAdmission>

type AdmissionDeps = {
  readonly queues: DeliveryQueues
  readonly clock: Clock
  readonly slots: RelaySlots
  readonly quota: RelayQuota
  /** The relays that a queue may use, in the order they are tried. */
  readonly ordered: (queue: MailQueue) => readonly RelayRow[]
}

/** Decides which relay gets mail now, and which mail waits for which relay. */
export function createRelayAdmission(deps: AdmissionDeps) {
  const { queues, clock, slots, quota, ordered } = deps

  function admission(queue: MailQueue): Admission {
    const rows = ordered(queue).filter((row) => quota.room(row) > 0)
    if (rows.length === 0) return { choice: 'none', isOpen: false, isClosed: false }
    const states = rows.map(({ id }) => ({ id, state: slots.look(id) }))
    // Mail skips a closed relay, and waits for a slot of a full one.
    const first = states.find(({ state }) => state !== 'closed')
    const isOpen = states.some(({ id, state }) => state !== 'closed' && !slots.isFailing(id))
    return { choice: first?.state === 'free' ? first.id : 'wait', isOpen, isClosed: !isOpen }
  }

  const relaysOf = (waiting: readonly MailQueue[]): Set<number> =>
    new Set(waiting.flatMap((queue) => ordered(queue).map(({ id }) => id)))

  return {
    admission,

    /** Failing relays of these queues that a connection without mail can test now. */
    checkable: (waiting: readonly MailQueue[]): number[] =>
      [...relaysOf(waiting)].filter(slots.isCheckable),

    /** Milliseconds until the first failing relay of these queues may be tried. */
    nextTryIn(waiting: readonly MailQueue[]): number | null {
      const times = [...relaysOf(waiting)].map(slots.nextTryIn).filter((time) => time !== null)
      return times.length === 0 ? null : Math.min(...times)
    },

    /** The reply for mail that fails after its time, without another attempt. */
    whyClosed(queue: MailQueue): string {
      const [first] = ordered(queue).filter(({ id }) => slots.isFailing(id))
      const { relay, reply } = first
        ? showReply(queue, first, slots.lastReply(first.id))
        : { relay: null, reply: null }
      const name = relay === null ? 'The relay' : `The relay “${relay}”`
      const why = reply === null ? '' : ` Its last reply: ${reply}`
      return `${name} did not answer within the time for this message.${why}`
    },

    /** Recipients of one tenant or of all that wait for each of these relays, up to 1000. */
    waitingByRelay(ids: readonly number[], tenantId?: string): Map<number, number> {
      const counts = new Map<number, number>()
      const wanted = new Set(ids.filter((id) => slots.isFailing(id) || slots.look(id) === 'closed'))
      if (wanted.size === 0) return counts
      for (const queue of queues.pending()) {
        if (tenantId !== undefined && queue.tenantId !== tenantId) continue
        const own = ordered(queue).filter(({ id }) => wanted.has(id))
        if (own.length === 0 || !admission(queue).isClosed) continue
        const count = queues.waitingIn(queue, clock.now())
        for (const { id } of own)
          counts.set(id, Math.min(maxCounted, (counts.get(id) ?? 0) + count))
      }
      return counts
    },
  }
}
