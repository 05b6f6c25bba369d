import { isIP } from 'node:net'
import { type Clock, systemClock } from '../base/clock.ts'
import { isLoopback } from '../base/ip-addresses.ts'
import type { Seal } from '../base/vault.ts'
import type { Config } from '../config.ts'
import { type ReadingLimits, readingLimits } from '../domain/reading/problems.ts'
import type { Upstream } from '../domain/relays/upstream.ts'
import { createOutboundGuard, type Resolve } from '../outbound/outbound-guard.ts'
import { createTransports } from '../outbound/transports.ts'

/** The outside world. Tests replace parts of it; `seal` is the desktop's keychain. */
export type Environment = {
  readonly clock: Clock
  readonly upstream: Upstream
  /** Resolves host names for outgoing HTTP. */
  readonly resolve: Resolve
  readonly seal: Seal | undefined
  /** Takes each line of the log; undefined: stderr. */
  readonly writeLog: ((line: string) => void) | undefined
  readonly readingLimits: ReadingLimits
}

export type CompleteEnvironment = ReturnType<typeof completeEnvironment>

/** Fills the gaps with the real world. All outgoing connections pass the guard. */
export function completeEnvironment(config: Config, environment: Partial<Environment>) {
  const { clock = systemClock, resolve, seal, writeLog } = environment
  const guard = createOutboundGuard(
    { loopback: isBoundToLoopback(config.host), allowed: config.allowedTargets },
    resolve,
  )
  return {
    clock,
    seal,
    writeLog,
    guard,
    upstream: environment.upstream ?? createTransports(guard, clock),
    readingLimits: environment.readingLimits ?? readingLimits,
  }
}

function isBoundToLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host))
}
