import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { whenOver } from '../test-server.ts'

/** An SMTP server that accepts every path, and keeps the lines of MAIL and RCPT as they came. */
export async function startRecordingSink() {
  const paths: string[] = []
  const server = createServer((socket) => {
    let isInMessage = false
    socket.on('error', () => undefined)
    socket.write('220 sink.example\r\n')
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (isInMessage && line !== '.') return
      isInMessage = line === 'DATA'
      const [, path] = /^(?:MAIL FROM|RCPT TO):<(.*)>/.exec(line) ?? []
      if (path !== undefined) paths.push(path)
      if (line.startsWith('EHLO')) socket.write('250-sink.example\r\n250 SMTPUTF8\r\n')
      else socket.write(isInMessage ? '354 Go on\r\n' : '250 OK\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => void server.close())
  return { port: (server.address() as AddressInfo).port, paths }
}
