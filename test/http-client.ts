import { Agent, type IncomingHttpHeaders, request as open } from 'node:http'

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** The parsed body of a JSON answer; undefined for any other. */
  readonly body: unknown
}

export type Call = {
  readonly params?: Readonly<Record<string, string | number>> | undefined
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  /** Text and bytes are sent unchanged, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Null: no Authorization header. Left out: the console's key. */
  readonly key?: string | null | undefined
}

/** Plain HTTP, because `fetch` keeps some headers (Host, Origin, Expect) to itself. */
export function createExchange(url: string) {
  let agent = new Agent({ keepAlive: true })
  let pending = 0
  let lastUseMs = 0

  /** The server ends a connection that is idle for 5 s, so an older one is not used again. */
  function freshAgent(): Agent {
    if (pending === 0 && performance.now() - lastUseMs > 2_000) {
      agent.destroy()
      agent = new Agent({ keepAlive: true })
    }
    return agent
  }

  return {
    send(method: string, path: string, call: Call & { readonly key: string | null }) {
      const payload = payloadOf(call.body)
      const isJson = payload !== undefined && !Buffer.isBuffer(call.body)
      return new Promise<Answer>((resolve, reject) => {
        const outgoing = open(new URL(url), {
          agent: freshAgent(),
          method,
          path: addressOf(path, call),
          headers: {
            ...(call.key === null ? {} : { authorization: `Bearer ${call.key}` }),
            ...(isJson ? { 'content-type': 'application/json' } : {}),
            ...(payload === undefined ? {} : { 'content-length': String(payload.length) }),
            ...call.headers,
          },
        })
        pending++
        outgoing.on('close', () => {
          pending--
          lastUseMs = performance.now()
        })
        outgoing.on('error', reject)
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const bytes = Buffer.concat(chunks)
            const text = bytes.toString('utf8')
            const type = incoming.headers['content-type'] ?? ''
            const isJson = type.startsWith('application/json') && text !== ''
            const isPlain = incoming.headers['content-encoding'] === undefined
            const body: unknown = isJson && isPlain ? JSON.parse(text) : undefined
            const { statusCode: status = 0, headers } = incoming
            resolve({ status, headers, bytes, text, body })
          })
        })
        outgoing.end(payload)
      })
    },
    close: () => agent.destroy(),
  }
}

export function addressOf(path: string, { params = {}, query = {} }: Call): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  )
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
  return search.size > 0 ? `${filled}?${search}` : filled
}

function payloadOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
