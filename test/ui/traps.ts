import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'

export type Trap = Awaited<ReturnType<typeof setTrap>>

const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64')

/** Listens at a name of its own and counts connections, whether anything is asked on them or not. */
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
  // Every name below localhost is this machine, for Chromium without a look-up elsewhere.
  const host = `${name}.localhost`
  return {
    host,
    place: `${host}:${port}`,
    connections: () => connections,
    close: () => server.close(),
  }
}

/** The names below localhost that a browser looked up, by its own log; it must have ended. */
export function lookedUp(logFile: string): ReadonlySet<string> {
  const log = readFileSync(logFile, 'utf8')
  return new Set([...log.matchAll(/([a-z0-9-]{1,60}\.localhost)\b/g)].map(([, host = '']) => host))
}
