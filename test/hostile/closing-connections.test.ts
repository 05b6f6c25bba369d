import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { createClosingSockets } from '../../src-main/base/closing-sockets.ts'
import { whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const piece = Buffer.alloc(60_000, 'x')

/** A client that writes without end and never closes its side. */
function flood(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const write = (): void => {
    while (socket.writable && socket.write(piece));
  }
  socket.on('connect', write).on('drain', write)
  socket.on('error', () => undefined).resume()
  whenOver(() => socket.destroy())
  return socket
}

it('After its last reply a connection reads at most 256 KiB, and the reply arrives', async () => {
  const closingSockets = createClosingSockets({ clock: systemClock, lingerMs: 30_000, max: 10 })
  const accepted: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    closingSockets.end(socket, 'The last reply\r\n')
  })
  whenOver(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = flood((server.address() as AddressInfo).port)
  let heard = ''
  client.on('data', (bytes: Buffer) => {
    heard += bytes.toString()
  })
  await until('the end', () => client.closed)
  expect(heard).toBe('The last reply\r\n')
  expect(accepted[0]?.bytesRead).toBeLessThanOrEqual(256 * 1024 + 65_536)
})
