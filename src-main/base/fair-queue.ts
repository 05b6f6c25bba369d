import { Fault } from '../contract/faults.ts'
import type { Clock } from './clock.ts'

/** Who asks, and until when. */
export type Turn = {
  /** The widest first, such as a tenant and then its key: those within one share its time. */
  readonly owners: readonly string[]
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined
  /** Waits however many wait. */
  readonly isPatient?: boolean
}

type FairQueueOptions = {
  readonly clock: Clock
  /** The requests of one first owner that may wait at one time. */
  readonly maxWaiting: number
  /** More is not charged for one request: on a busy machine it waits longer than it works. */
  readonly maxChargeMs: number
  /** The refusal of a further one. */
  readonly tooMany: () => Error
}

type Entry = {
  readonly owners: readonly string[]
  readonly start: () => Promise<void>
}

/** The time that an owner used counts half after so long. */
const halfLifeMs = 20_000
const forgottenMs = 0.5
const maxRemembered = 10_000

/**
 * One request at a time; the next one is of the owner that used the least time lately. So whoever
 * asks for much work waits behind those that ask for little, and never the other way round.
 */
export function createFairQueue({ clock, maxWaiting, maxChargeMs, tooMany }: FairQueueOptions) {
  const waiting = new Set<Entry>()
  const used = new Map<string, { readonly ms: number; readonly at: number }>()
  let isBusy = false

  function usedMs(path: string): number {
    const known = used.get(path)
    return known ? known.ms * 0.5 ** ((clock.elapsed() - known.at) / halfLifeMs) : 0
  }

  function charge(owners: readonly string[], ms: number): void {
    for (const path of pathsOf(owners)) {
      const total = usedMs(path) + ms
      used.delete(path)
      used.set(path, { ms: total, at: clock.elapsed() })
    }
    for (const [path] of used) {
      if (usedMs(path) > forgottenMs && used.size <= maxRemembered) break
      used.delete(path)
    }
  }

  function next(): Entry | null {
    let best: Entry | null = null
    let least: readonly number[] = []
    for (const entry of waiting) {
      const mine = pathsOf(entry.owners).map(usedMs)
      if (best && !isLess(mine, least)) continue
      best = entry
      least = mine
    }
    return best
  }

  async function runAll(): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (let entry = next(); entry; entry = next()) {
      waiting.delete(entry)
      const began = clock.elapsed()
      await entry.start()
      charge(entry.owners, Math.min(clock.elapsed() - began, maxChargeMs))
    }
    isBusy = false
  }

  return {
    /** `work` settles when its time is over. A turn whose signal is aborted before never begins. */
    run<T>({ owners, signal, isPatient = false }: Turn, work: () => Promise<T>): Promise<T> {
      const [first] = owners
      if (signal?.aborted) return Promise.reject(clientLeft())
      const others = [...waiting].filter((entry) => entry.owners[0] === first)
      if (!isPatient && others.length >= maxWaiting) return Promise.reject(tooMany())
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(entry)
          reject(clientLeft())
        }
        const entry: Entry = {
          owners,
          async start() {
            signal?.removeEventListener('abort', leave)
            try {
              resolve(await work())
            } catch (error) {
              reject(error)
            }
          },
        }
        signal?.addEventListener('abort', leave, { once: true })
        waiting.add(entry)
        void runAll()
      })
    },

    /** The time that a first owner used lately; what it used counts half after 20 seconds. */
    usedMs,
  }
}

/** `a`, `a b`: the same name within another owner is another one. */
function pathsOf(owners: readonly string[]): string[] {
  return owners.map((_, index) => owners.slice(0, index + 1).join(' '))
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  const place = left.findIndex((value, index) => value !== (right[index] ?? 0))
  return place >= 0 && (left[place] ?? 0) < (right[place] ?? 0)
}

export function clientLeft(): Fault {
  return new Fault('client_closed', 'The client left before its answer.')
}
