import { Fault } from '../contract/faults.ts'
import type { Clock } from './clock.ts'

/** The owners of a request, and its cancellation. */
export type Turn = {
  /** Outermost first, such as a tenant and then its key. All keys of a tenant share its time. */
  readonly owners: readonly string[]
  /** Aborted when no client waits for the reply. */
  readonly signal?: AbortSignal | undefined
  /** Not subject to `maxWaiting`. */
  readonly isPatient?: boolean
}

type FairQueueOptions = {
  readonly clock: Clock
  /** Maximum waiting requests of one outermost owner. */
  readonly maxWaiting: number
  /** Maximum time charged for one request: on a busy machine most of its time is waiting. */
  readonly maxChargeMs: number
  /** The refusal beyond `maxWaiting`. */
  readonly tooMany: () => Error
}

type Entry = {
  readonly owners: readonly string[]
  readonly start: () => Promise<void>
}

/** The used time of an owner counts half after this time. */
const halfLifeMs = 20_000
const forgottenMs = 0.5
const maxRemembered = 10_000

/**
 * Runs one request at a time. The next request is from the owner with the least recent time, so a
 * heavy owner never delays a light one.
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
    /** `work` must settle within its time limit. A turn that is aborted before its start never runs. */
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

    /** The recent time of an outermost owner, with a half-life of 20 seconds. */
    usedMs,
  }
}

/** `a`, `a b`: a name is unique within its outer owner only. */
function pathsOf(owners: readonly string[]): string[] {
  return owners.map((_, index) => owners.slice(0, index + 1).join(' '))
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  const place = left.findIndex((value, index) => value !== (right[index] ?? 0))
  return place >= 0 && (left[place] ?? 0) < (right[place] ?? 0)
}

export function clientLeft(): Fault {
  return new Fault('client_closed', 'The client closed the connection before the response.')
}
