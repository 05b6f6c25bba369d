import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'

export type Trap = Awaited<ReturnType<typeof setTrap>>

const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64')

/** Listens on its own host name and counts connections, with or without a request. */
export async function setTrap(name: string) {
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.on('data', () => {
      const head = `HTTP/1.1 200 OK\r\ncontent-type: image/gif\r\ncontent-length: ${pixel.length}\r\n`
      socket.end(Buffer.concat([Buffer.from(`${head}connection: close\r\n\r\n`), pixel]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // Chromium resolves names below localhost to this computer, without DNS.
  const host = `${name}.localhost`
  return {
    host,
    address: `${host}:${port}`,
    connections: () => connections,
    close: () => server.close(),
  }
}

/** Names below localhost in the net log of a closed browser. */
export function readLookups(logFile: string): ReadonlySet<string> {
  const log = readFileSync(logFile, 'utf8')
  return new Set([...log.matchAll(/([a-z0-9-]{1,60}\.localhost)\b/g)].map(([, host = '']) => host))
}
