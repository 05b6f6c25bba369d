import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { StorageState } from './storage-state.ts'

/** Also before the first check, so that it does not slow down the start. */
const checkEveryMs = 10_000

/** Finds problems that no request reports, such as a deleted folder, and the end of a full disk. */
export function startStorageChecks(deps: {
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
}) {
  const { storage, clock, log } = deps
  const run = async (): Promise<number> => {
    await storage.checkAll()
    return checkEveryMs
  }
  const loop = startLoop({ name: 'storage', clock, log, run, settleMs: checkEveryMs })
  loop.wake()
  return { close: loop.close }
}
