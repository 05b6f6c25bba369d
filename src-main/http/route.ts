import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Fault, FaultCode } from '../contract/faults.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Caller, LiveCaller } from '../domain/auth/caller.ts'
import type { Domain } from '../domain/domain.ts'

/** What a route asks of its caller: a permission, any valid key, or nothing at all. */
export type Access = Permission | 'any-key' | 'public'

/**
 * The mail that a route reads, changes or sends on. `live`: live mail or what decides about it, so a
 * test key gets 404 before the handler runs. `test`: captured mail only. `both`: the domain shows a
 * test key the part that is test mail; also for routes that touch no mail.
 */
export type RouteMode = 'live' | 'test' | 'both'

type CallerOf<A extends Access, M extends RouteMode> = A extends 'public'
  ? null
  : M extends 'live'
    ? LiveCaller
    : Caller

/** The HTTP request as far as a handler may need it; the far side is a socket address. */
export type Exchange = {
  readonly requestId: string
  readonly address: string
  readonly host: string
  readonly header: (name: string) => string | undefined
  readonly signal: AbortSignal
  /** The file that is sent, for a route that takes one; refuses anything else. */
  readonly upload: Readable
}

/** An answer that is not JSON. */
export class Content {
  readonly type: string
  readonly body: Buffer | string | Readable
  readonly headers: Readonly<Record<string, string>>

  constructor(
    type: string,
    body: Buffer | string | Readable,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.type = type
    this.body = body
    this.headers = headers
  }
}

/** Stands in `reply` for routes that answer `Content` of this media type. */
export type Produces = { readonly produces: string }

export const produces = (mediaType: string): Produces => ({ produces: mediaType })

type Schema = z.ZodType
type Parsed<S> = S extends Schema ? z.output<S> : undefined
type Answer<R> = R extends Schema ? z.input<R> : Content

export type Route<
  A extends Access = Access,
  M extends RouteMode = RouteMode,
  P extends Schema | undefined = Schema | undefined,
  Q extends z.ZodObject | undefined = z.ZodObject | undefined,
  B extends Schema | undefined = Schema | undefined,
  R extends Schema | Produces = Schema | Produces,
> = {
  readonly summary: string
  readonly permission: A
  readonly mode: M
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Limits of a JSON body that differ from the usual ones. */
  readonly jsonLimits?: { readonly maxValues: number; readonly maxPlainBytes: number }
  /** The body comes as bytes of this media type, not as JSON. */
  readonly consumes?: 'message/rfc822'
  readonly reply: R
  /** The request stays open for minutes and counts among waits and event streams. */
  readonly isHeld?: boolean
  /** The media type of a file that is sent instead of JSON. */
  readonly upload?: string
  /** Default 200. */
  readonly status?: number
  /** The same reply under a second status, for whom only the status is read by. */
  readonly alternative?: {
    readonly status: number
    readonly description: string
    readonly applies: (reply: Answer<R>) => boolean
  }
  /** Refusals beyond those every guarded route can answer. */
  readonly faults?: readonly FaultCode[]
  readonly handle: (input: {
    readonly params: Parsed<P>
    readonly query: Parsed<Q>
    readonly body: Parsed<B>
    readonly caller: CallerOf<A, M>
    readonly domain: Domain
    readonly exchange: Exchange
    /** JSON may come as bytes that were made before. */
  }) => Answer<R> | Content | Promise<Answer<R> | Content>
}

/** One entry of a dialect's table; infers the handler's input and output from the schemas. */
export function route<
  A extends Access,
  M extends RouteMode,
  R extends Schema | Produces,
  P extends Schema | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Schema | undefined = undefined,
>(entry: Route<A, M, P, Q, B, R>): Route<A, M, P, Q, B, R> {
  return entry
}

/** A route of any shape; only `server.ts` calls it, after parsing by the route's own schemas. */
export type AnyRoute = Omit<Route, 'handle' | 'alternative'> & {
  readonly alternative?: {
    readonly status: number
    readonly description: string
    // biome-ignore lint/suspicious/noExplicitAny: as with the handlers
    readonly applies: (reply: any) => boolean
  }
  // biome-ignore lint/suspicious/noExplicitAny: handlers of different shapes have no other common type
  readonly handle: (input: any) => unknown
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RequestLine = `${Method} /${string}`

/** A family of routes in somebody's wire format. It translates shapes and nothing else. */
export type Dialect = {
  readonly name: string
  readonly title: string
  /** Requests below this path that match no route are refused in this dialect's words. */
  readonly prefix: string
  readonly routes: Readonly<Record<RequestLine, AnyRoute>>
  readonly fault: (fault: Fault, requestId: string, retryAfterSeconds?: number) => unknown
}
