import { type EventLoopUtilization, performance } from 'node:perf_hooks'

export type LoadMeter = {
  /** True while this thread has almost no idle time: deferrable work should wait. */
  readonly isBusy: () => boolean
}

const windowMs = 100
const busyShare = 0.85

/** Measures the share of time in which the event loop of this thread was busy. */
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
