import type { z } from 'zod'
import type { NativeRoutes } from '../../src-main/http/dialects/native.ts'
import { appLabels } from './labels.ts'

type Line = keyof NativeRoutes
type JsonLine = { [L in Line]: NativeRoutes[L]['reply'] extends z.ZodType ? L : never }[Line]
type ContentLine = Exclude<Line, JsonLine>

type Schema<L extends Line, K extends 'params' | 'query' | 'body'> = Extract<
  NativeRoutes[L][K],
  z.ZodType
>
type Part<L extends Line, K extends 'params' | 'query' | 'body'> = [Schema<L, K>] extends [never]
  ? unknown
  : K extends 'query'
    ? { query?: z.input<Schema<L, K>> }
    : { [k in K]: z.input<Schema<L, K>> }

type Call<L extends Line> = Part<L, 'params'> &
  Part<L, 'query'> &
  Part<L, 'body'> & { signal?: AbortSignal; keepalive?: boolean; file?: Blob }
type CallArguments<L extends Line> =
  Record<never, never> extends Call<L> ? [call?: Call<L>] : [call: Call<L>]

export type Reply<L extends JsonLine> = NativeRoutes[L]['reply'] extends infer S extends z.ZodType
  ? z.output<S>
  : never

/** A failed request; `status` is 0 when the server is unreachable. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure'
  readonly code: string
  readonly status: number
  readonly requestId: string | null
  /** `error.details` of the response. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    status: number,
    message: string,
    requestId: string | null,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.code = code
    this.status = status
    this.requestId = requestId
    this.details = details
  }
}

let bearer: { readonly key: string; readonly onRefused: (failure: RequestFailure) => void } | null =
  null

/** Sets the key of all further requests; `onRefused` is called on a 401. */
export function authorizeWith(
  key: string | null,
  onRefused: (failure: RequestFailure) => void,
): void {
  bearer = key === null ? null : { key, onRefused }
}

/** Sends a request by its route line; the types come from the route table. */
export async function request<L extends JsonLine>(
  line: L,
  ...[call]: CallArguments<L>
): Promise<Reply<L>> {
  const response = await send(line, call)
  return response.json()
}

/** For routes that return text, bytes or a stream. */
export function requestContent<L extends ContentLine>(
  line: L,
  ...[call]: CallArguments<L>
): Promise<Response> {
  return send(line, call)
}

type AnyCall = {
  params?: Readonly<Record<string, unknown>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  file?: Blob
  signal?: AbortSignal
  keepalive?: boolean
}

async function send(line: Line, call: AnyCall = {}): Promise<Response> {
  const [method = 'GET', path = '/'] = line.split(' ')
  const sender = bearer
  const response = await fetch(address(path, call), {
    method,
    headers: {
      ...(sender ? { authorization: `Bearer ${sender.key}` } : {}),
      ...(call.body === undefined ? {} : { 'content-type': mediaTypeOf(call.body) }),
      ...(call.file ? { 'content-type': 'application/octet-stream' } : {}),
    },
    ...(call.body === undefined ? {} : { body: payloadOf(call.body) }),
    ...(call.file ? { body: call.file } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
    ...(call.keepalive ? { keepalive: true } : {}),
  }).catch((cause: unknown) => {
    if (call.signal?.aborted) throw cause
    throw unreachable()
  })
  if (response.ok) return response
  const failure = await failureOf(response)
  if (failure.status === 401 && sender && sender === bearer) sender.onRefused(failure)
  throw failure
}

const mediaTypeOf = (body: unknown): string =>
  body instanceof Uint8Array ? 'message/rfc822' : 'application/json'

function payloadOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

function address(path: string, { params = {}, query = {} }: AnyCall): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `${filled}?${search}` : filled
}

function unreachable(): RequestFailure {
  return new RequestFailure('unreachable', 0, appLabels.unreachable, null)
}

async function failureOf(response: Response): Promise<RequestFailure> {
  const requestId = response.headers.get('x-request-id')
  const reply: unknown = await response.json().catch(() => null)
  if (typeof reply === 'object' && reply && 'message' in reply && 'name' in reply) {
    return new RequestFailure(
      String(reply.name),
      response.status,
      String(reply.message),
      requestId,
      detailsOf(reply),
    )
  }
  const sentence = appLabels.unexplained(response.status)
  return new RequestFailure('unknown', response.status, sentence, requestId)
}

function detailsOf(reply: object): Readonly<Record<string, unknown>> {
  const error: unknown = 'error' in reply ? reply.error : null
  const details: unknown =
    typeof error === 'object' && error && 'details' in error ? error.details : null
  return typeof details === 'object' && details ? { ...details } : {}
}

export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError'
}
