import type { NativeRoutes } from '../http/dialects/native.ts'
import { keyVariable } from './environment-key.ts'
import { exitCodes, Refusal } from './refusal.ts'
import { findServer, type KeySource, notReachable, type ServerOptions } from './server-address.ts'

type Line = keyof NativeRoutes & string
type Shape = 'params' | 'query' | 'body'
type Input<S> = S extends { readonly _zod: { readonly input: infer I } } ? I : unknown
type Output<S> = S extends { readonly _zod: { readonly output: infer O } } ? O : never

type Call<L extends Line> = {
  readonly [S in Shape as NativeRoutes[L][S] extends undefined ? never : S]?: Input<
    NativeRoutes[L][S]
  >
}

/** A call of any route, after its own types have been checked. */
type Parts = {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  /** Sent unchanged instead of JSON. */
  readonly file?: Blob
}

export type Reply<L extends Line> = Output<NativeRoutes[L]['reply']>
export type Remote = ReturnType<typeof createRemote>

type ErrorBody = {
  readonly error?: {
    readonly code?: string
    readonly message?: string
    readonly details?: unknown
  }
}

/** A client of a running server, typed by the server's route table. */
export function createRemote(given: ServerOptions, env: NodeJS.ProcessEnv) {
  const { url, key, keySource } = findServer(given, env)

  async function send(line: Line, call: Parts): Promise<Response> {
    if (key === null) {
      throw new Refusal(
        exitCodes.refused,
        'missing_api_key',
        `There is no key for ${url}. Give one with --key or ${keyVariable}.`,
      )
    }
    const [method = 'GET', path = ''] = line.split(' ')
    const { params = {}, query = {}, body, file } = call
    const response = await reach(url, `${url}${filled(path, params)}${search(query)}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(file ? { 'content-type': 'application/octet-stream' } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(file ? { body: file } : {}),
    })
    if (response.ok) return response
    throw await refusalOf(response, keySource)
  }

  return {
    url,
    keySource,

    async ask<L extends Line>(line: L, call: Call<L> = {}): Promise<Reply<L>> {
      const response = await send(line, call as Parts)
      return (await response.json()) as Reply<L>
    },

    /** For routes that take a file. */
    async upload<L extends Line>(line: L, file: Blob): Promise<Reply<L>> {
      const response = await send(line, { file })
      return (await response.json()) as Reply<L>
    },

    /** For replies that may be larger than memory. */
    async stream<L extends Line>(line: L, call: Call<L> = {}): Promise<ReadableStream<Uint8Array>> {
      const { body } = await send(line, call as Parts)
      return body ?? new ReadableStream()
    },

    /** For routes that reply with text or bytes. */
    async content<L extends Line>(line: L, call: Call<L> = {}): Promise<Buffer> {
      const response = await send(line, call as Parts)
      return Buffer.from(await response.arrayBuffer())
    },
  }
}

async function reach(url: string, address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    throw notReachable(url, error)
  }
}

async function refusalOf(response: Response, keySource: KeySource): Promise<Refusal> {
  const text = await response.text()
  const { error } = parsed(text)
  const code = error?.code ?? `http_${response.status}`
  const message = error?.message ?? `MailSage replied ${response.status} ${text.slice(0, 200)}`
  const exitCode = code === 'request_timeout' ? exitCodes.timeout : exitCodes.refused
  const isOfKey = response.status === 401 || code === 'insufficient_permissions'
  const from =
    isOfKey && keySource.type === 'environment' ? ` The key comes from ${keySource.variable}.` : ''
  return new Refusal(exitCode, code, message + from, error?.details)
}

function parsed(text: string): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody
  } catch {
    return {}
  }
}

function filled(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function search(query: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return ''
  return `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`
}
