import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * A hostile client in a separate process: `node hostile-process.ts KIND HTTP_PORT SMTP_PORT KEY`.
 * It prints a line once its load runs, and ends after `longestMs`.
 */
const [kind = '', httpText, smtpText, key = ''] = process.argv.slice(2)
const httpPort = Number(httpText)
const smtpPort = Number(smtpText)
const longestMs = 30_000

const wrong = 'ms_test_00000000xxxxxxxxxxxxxxxxxxxxxxxx000000'
const auth = `AUTH PLAIN ${Buffer.from(`\0x\0${wrong}`).toString('base64')}\r\n`
const envelope = 'EHLO a\r\nMAIL FROM:<a@b.cc>\r\nRCPT TO:<a@b.cc>\r\nDATA\r\n'
const get = (path: string, bearer: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${bearer}\r\n\r\n`
const post = (length: number) =>
  `POST /v1/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${length}\r\n\r\n`

type Behaviour = (socket: Socket) => void | Promise<void>

/** Keeps `count` connections open, each with this behaviour, and reopens closed ones. */
function keep(count: number, port: number, behave: Behaviour): Promise<unknown> {
  const first = Array.from({ length: count }, async () => {
    const socket = await opened(port)
    void again(socket)
  })
  async function again(begun: Socket): Promise<void> {
    for (let socket = begun; ; socket = await opened(port)) {
      const closed = new Promise((resolve) => socket.once('close', resolve))
      void behave(socket)
      await closed
      // As fast as it can, within reason: a refused connection is tried again a little later.
      await pause(20)
    }
  }
  return Promise.all(first)
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.once('connect', () => resolve(socket))
    socket.once('close', () => resolve(socket))
  })
}

const say =
  (text: string): Behaviour =>
  (socket) => {
    socket.resume()
    socket.write(text)
  }

/** Writes without end, no faster than the server reads. */
const flood =
  (text: string): Behaviour =>
  (socket) => {
    socket.resume()
    const more = (): void => {
      while (!socket.destroyed && socket.write(text));
    }
    socket.on('drain', more)
    more()
  }

/** Sends the next request after each response. */
const ask =
  (text: string): Behaviour =>
  (socket) => {
    socket.on('data', () => socket.write(text))
    socket.write(text)
  }

const drip =
  (head: string): Behaviour =>
  async (socket) => {
    socket.resume()
    socket.write(head)
    while (!socket.destroyed) {
      await pause(100)
      socket.write('x')
    }
  }

const big = Buffer.alloc(16 * 1024 * 1024, `${'x'.repeat(998)}\r\n`)
const bringHalf =
  (head: string): Behaviour =>
  async (socket) => {
    socket.resume()
    socket.write(head)
    await pause(100)
    socket.write(big)
  }

/** Writes without end, and reads no response. */
const floodUnread =
  (text: string): Behaviour =>
  (socket) => {
    flood(text)(socket)
    socket.pause()
  }

const neverRead: Behaviour = (socket) => {
  socket.pause()
  socket.write(get('/v1/events?after=0', key))
}

const loads: Readonly<Record<string, () => Promise<unknown>>> = {
  'half requests': () =>
    keep(1100, httpPort, say('GET /health HTTP/1.1\r\nHost: localhost\r\nX: ')),
  'idle SMTP connections': () => keep(400, smtpPort, say('EHLO a\r\n')),
  'wrong keys at HTTP': () => keep(30, httpPort, ask(get('/v1/session', wrong))),
  'wrong keys at SMTP': () => keep(30, smtpPort, say(`EHLO a\r\n${auth.repeat(100)}`)),
  'pipelined commands': () => keep(8, smtpPort, flood(`EHLO a\r\n${'VRFY a\r\n'.repeat(5000)}`)),
  'lines without end': () => keep(200, smtpPort, flood('x'.repeat(60_000))),
  'transactions begun anew': () =>
    keep(260, smtpPort, ask('EHLO a\r\nRSET\r\nMAIL FROM:<a@b.cc>\r\n')),
  'pipelined requests': () => keep(8, httpPort, flood(get('/health', wrong).repeat(200))),
  'pipelined requests whose answers are not read': () =>
    keep(100, httpPort, floodUnread(get('/v1/session', key).repeat(400))),
  'slow drips': () =>
    Promise.all([
      keep(150, smtpPort, drip(envelope)),
      keep(150, httpPort, drip('GET /health HTTP/1.1\r\nHost: localhost\r\nX: ')),
      keep(150, httpPort, drip(post(10_000))),
    ]),
  'big bodies': () =>
    Promise.all([
      keep(15, smtpPort, bringHalf(envelope)),
      keep(15, httpPort, bringHalf(post(big.length + 1))),
    ]),
  'event streams that are not read': () => keep(200, httpPort, neverRead),
}

// The load on the server counts, not the load on the shared processor.
setPriority(10)
const load = loads[kind]
if (!load) throw new Error(`No such load: ${kind}`)
setTimeout(() => process.exit(0), longestMs)
await load()
console.log('The load is on')
