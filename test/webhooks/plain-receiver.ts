import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Hook = { readonly body: string; readonly signature: string }

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** A real web server that records posts, for tests of the window. */
export async function startReceiver() {
  const hooks: Hook[] = []
  let code = 200
  let mayAnswer = Promise.resolve()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const signature = String(request.headers['x-webhook-signature'])
    hooks.push({ body: Buffer.concat(chunks).toString(), signature })
    await mayAnswer
    response.writeHead(code).end(code < 300 ? 'thanks' : 'TypeError: order is undefined')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    hooks,
    status(next: number): void {
      code = next
    },
    /** Answers wait until the function given back is called. */
    hold(): () => void {
      let release = () => {}
      mayAnswer = new Promise<void>((resolve) => {
        release = resolve
      })
      return () => release()
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
