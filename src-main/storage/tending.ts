import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { StorageState } from './storage-state.ts'

/** Also before the first look: what a start has to do goes first. */
const lookEveryMs = 10_000

/** Notices what no request would: a folder that is gone, a disk that has room again. */
export function startTending(deps: {
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
}) {
  const { storage, clock, log } = deps
  const run = async (): Promise<number> => {
    await storage.tend()
    return lookEveryMs
  }
  const loop = startLoop({ name: 'storage', clock, log, run, settleMs: lookEveryMs })
  loop.wake()
  return { close: loop.close }
}
