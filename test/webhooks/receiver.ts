import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { until } from '../wait-for.ts'

export type Hook = {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly raw: Buffer
  readonly body: {
    readonly id: string
    readonly type: string
    readonly created_at: string
    readonly data: Readonly<Record<string, unknown>>
  }
}

/** The response of the receiver; the default is 200. Open requests end with the receiver. */
export type Answering = (hook: Hook, response: ServerResponse) => void

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** A real web server that records posts and fails as configured. */
export async function startReceiver(port = 0) {
  const hooks: Hook[] = []
  const rules: { answer: Answering } = { answer: (_, response) => void response.end('thanks') }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const { url: path = '', method = '', headers } = request
    const hook = { path, method, headers, raw, body: JSON.parse(raw.toString('utf8')) }
    hooks.push(hook)
    rules.answer(hook, response)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo

  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/hook`,
    hooks,
    rules,
    types: (): string[] => hooks.map(({ body }) => body.type),
    status(code: number): void {
      rules.answer = (_, response) => void response.writeHead(code).end()
    },
    /** Waits for `count` posts. */
    received: (count: number) => until(`${count} posts`, () => hooks.length >= count),
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** The one hook of this type; fails when there are more or none. */
export function only(receiver: Receiver, type: string): Hook {
  const found = receiver.hooks.filter(({ body }) => body.type === type)
  expect(found).toHaveLength(1)
  return found[0] as Hook
}
