import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** `node flood-process.ts PORT TOTAL PER_SECOND` sends mail at a constant rate and prints the achieved rate. */
const [port = 0, total = 0, perSecond = 0] = process.argv.slice(2).map(Number)
const connections = 8

const sessions = await Promise.all(Array.from({ length: connections }, openSession))
const start = performance.now()
await Promise.all(sessions.map(sendEvery))
const elapsedMs = performance.now() - start
const arrived = Math.round((total / elapsedMs) * 1000)
console.log(`Flood: ${perSecond} messages/s offered, ${arrived} accepted (${total} in total)`)
process.exit()

type Session = { readonly socket: Socket; readonly readReply: () => Promise<string> }

async function openSession(): Promise<Session> {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  const replies = createInterface(socket)[Symbol.asyncIterator]()
  /** The last line of a reply (RFC 5321 4.2.1). */
  async function readReply(): Promise<string> {
    for (;;) {
      const { value = '', done } = await replies.next()
      if (done) throw new Error('The server closed the connection')
      if (value.charAt(3) !== '-') return value
    }
  }
  await once(socket, 'connect')
  await readReply()
  socket.write('EHLO flood.example\r\n')
  await readReply()
  return { socket, readReply }
}

/** Sends the messages of one connection, with a pipelined envelope (RFC 2920). */
async function sendEvery({ socket, readReply }: Session, first: number): Promise<void> {
  for (let number = first; number < total; number += connections) {
    const dueMs = start + (number * 1000) / perSecond - performance.now()
    if (dueMs > 0) await new Promise((done) => setTimeout(done, dueMs))
    socket.write('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n')
    for (let reply = 0; reply < 3; reply++) await readReply()
    socket.write(`From: a@example.com\r\nSubject: Flood ${number}\r\n\r\nx\r\n.\r\n`)
    const reply = await readReply()
    if (!reply.startsWith('250')) throw new Error(reply)
  }
}
