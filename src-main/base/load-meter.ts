import { type EventLoopUtilization, performance } from 'node:perf_hooks'

export type LoadMeter = {
  /** True while this thread has next to no time left: what can wait should. */
  readonly isBusy: () => boolean
}

const windowMs = 100
const busyShare = 0.85

/** Measures this thread by the share of time in which its event loop was not idle. */
export function createLoadMeter(): LoadMeter {
  let last: EventLoopUtilization = performance.eventLoopUtilization()
  let measuredAt = performance.now()
  let isBusy = false

  return {
    isBusy() {
      if (performance.now() - measuredAt < windowMs) return isBusy
      const now = performance.eventLoopUtilization()
      isBusy = performance.eventLoopUtilization(now, last).utilization > busyShare
      last = now
      measuredAt = performance.now()
      return isBusy
    },
  }
}
