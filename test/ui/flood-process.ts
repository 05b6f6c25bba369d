import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** `node flood-process.ts PORT TOTAL PER_SECOND`: mail at a steady pace, and what became of the pace. */
const [port = 0, total = 0, perSecond = 0] = process.argv.slice(2).map(Number)
const connections = 8

const lines = await Promise.all(Array.from({ length: connections }, openLine))
const start = performance.now()
await Promise.all(lines.map(sendEvery))
const elapsedMs = performance.now() - start
const arrived = Math.round((total / elapsedMs) * 1000)
console.log(`Flood: ${perSecond} messages a second offered, ${arrived} taken (${total} in all)`)
process.exit()

type Line = { readonly socket: Socket; readonly answer: () => Promise<string> }

async function openLine(): Promise<Line> {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  const replies = createInterface(socket)[Symbol.asyncIterator]()
  /** The last line of a reply (RFC 5321 4.2.1). */
  async function answer(): Promise<string> {
    for (;;) {
      const { value = '', done } = await replies.next()
      if (done) throw new Error('The relay hung up')
      if (value.charAt(3) !== '-') return value
    }
  }
  await once(socket, 'connect')
  await answer()
  socket.write('EHLO flood.example\r\n')
  await answer()
  return { socket, answer }
}

/** One connection's share, each message when it is due and the envelope in one write (RFC 2920). */
async function sendEvery({ socket, answer }: Line, first: number): Promise<void> {
  for (let number = first; number < total; number += connections) {
    const dueMs = start + (number * 1000) / perSecond - performance.now()
    if (dueMs > 0) await new Promise((done) => setTimeout(done, dueMs))
    socket.write('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n')
    for (let reply = 0; reply < 3; reply++) await answer()
    socket.write(`From: a@example.com\r\nSubject: Flood ${number}\r\n\r\nx\r\n.\r\n`)
    const reply = await answer()
    if (!reply.startsWith('250')) throw new Error(reply)
  }
}
