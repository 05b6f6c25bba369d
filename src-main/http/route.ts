import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Fault, FaultCode } from '../contract/faults.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Caller, LiveCaller } from '../domain/auth/caller.ts'
import type { Domain } from '../domain/domain.ts'

/** The access rule of a route: a permission, any valid key, or none. */
export type Access = Permission | 'any-key' | 'public'

/**
 * The mail that a route reads, changes or sends. `live`: live mail or settings for it; a test key gets
 * 404 before the handler runs. `test`: captured mail only. `both`: the domain shows a test key only
 * test mail; also for routes without mail.
 */
export type RouteMode = 'live' | 'test' | 'both'

export type CallerOf<A extends Access, M extends RouteMode> = A extends 'public'
  ? null
  : M extends 'live'
    ? LiveCaller
    : Caller

/** The parts of the HTTP request that a handler may use. */
export type RequestInfo = {
  readonly requestId: string
  readonly address: string
  readonly host: string
  readonly header: (name: string) => string | undefined
  readonly signal: AbortSignal
  /** The uploaded file; reading it refuses any other body. */
  readonly upload: Readable
}

/** A response that is not JSON. */
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

/** The `reply` of routes that return `Content` of this media type. */
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
  /** The body is bytes of this media type, not JSON. */
  readonly consumes?: 'message/rfc822'
  readonly reply: R
  /** The request stays open for minutes and counts among waits and event streams. */
  readonly isHeld?: boolean
  /** The media type of an uploaded file, instead of JSON. */
  readonly upload?: string
  /** Default 200. */
  readonly status?: number
  /** The same reply with a second status, for clients that read only the status. */
  readonly alternative?: {
    readonly status: number
    readonly description: string
    readonly applies: (reply: Answer<R>) => boolean
  }
  /** Refusals besides those of every guarded route. */
  readonly faults?: readonly FaultCode[]
  readonly handle: (input: {
    readonly params: Parsed<P>
    readonly query: Parsed<Q>
    readonly body: Parsed<B>
    readonly caller: CallerOf<A, M>
    readonly domain: Domain
    readonly exchange: RequestInfo
    /** `Content` with a JSON reply: bytes that are already serialised. */
  }) => Answer<R> | Content | Promise<Answer<R> | Content>
}

/** An entry of a route table; infers the handler's types from the schemas. */
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

/** A route of any shape. `respond.ts` parses by its schemas before it calls the handler. */
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

/** A family of routes in one system's wire format. It translates shapes and nothing else. */
export type Dialect = {
  readonly name: string
  readonly title: string
  /** Unmatched requests below this path are refused in this dialect's format. */
  readonly prefix: string
  readonly routes: Readonly<Record<RequestLine, AnyRoute>>
  readonly fault: (fault: Fault, requestId: string) => unknown
}
