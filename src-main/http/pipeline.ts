import type { FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Domain } from '../domain/domain.ts'
import type { Connections } from './connections.ts'
import type { HeldRequests } from './held-requests.ts'
import type { Methods } from './methods.ts'
import type { OriginRules } from './origin.ts'
import type { Dialect } from './route.ts'

/** The parts that the steps of a request share. */
export type Pipeline = {
  readonly domain: Domain
  readonly clock: Clock
  readonly log: Log
  readonly origins: OriginRules
  readonly isTrustedProxy: (address: string) => boolean
  readonly connections: Connections
  readonly heldRequests: HeldRequests
  readonly methods: Methods
  readonly dialectOf: (path: string) => Dialect
  /** True from the beginning of `close`: failures are expected then. */
  readonly isClosing: () => boolean
}

export const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? ''
