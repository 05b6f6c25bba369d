import { connect, type Socket } from 'node:net'

export type SmtpLoad = {
  readonly port: number
  readonly connections: number
  readonly sizeBytes: number
  readonly seconds: number
  readonly key: string | null
}

export type LoadResult = {
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly errors: number
}

/** A message of about `sizeBytes`, each with a Message-ID of its own. */
function messages(sizeBytes: number): () => Buffer {
  const line = `${'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 74)}\r\n`
  const body = line.repeat(Math.ceil(sizeBytes / line.length)).slice(0, sizeBytes)
  let number = 0
  return () => {
    number += 1
    return Buffer.from(
      `From: App <app@example.com>\r\nTo: Ann <ann@example.com>\r\nSubject: Message ${number}\r\n` +
        `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${number}.${process.pid}@bench.example>\r\n` +
        `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n.\r\n`,
    )
  }
}

/** Sends over kept connections until the time is up; a reply is counted when its 250 arrives. */
export async function loadKept(load: SmtpLoad): Promise<LoadResult> {
  const next = messages(load.sizeBytes)
  const latencies: number[] = []
  let errors = 0
  const until = performance.now() + load.seconds * 1000
  const started = performance.now()
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const session = await openSession(load.port, load.key)
      while (performance.now() < until) {
        const begun = performance.now()
        const reply = await session.send(next())
        if (reply.startsWith('250')) latencies.push(performance.now() - begun)
        else errors += 1
      }
      session.close()
    }),
  )
  return summarize(latencies, errors, (performance.now() - started) / 1000)
}

/** Sends like most test suites: connect, EHLO, AUTH, one message, QUIT. */
export async function loadConnectionEach(load: SmtpLoad): Promise<LoadResult> {
  const next = messages(load.sizeBytes)
  const latencies: number[] = []
  let errors = 0
  const until = performance.now() + load.seconds * 1000
  const started = performance.now()
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      while (performance.now() < until) {
        const begun = performance.now()
        const session = await openSession(load.port, load.key)
        const reply = await session.send(next())
        await session.quit()
        if (reply.startsWith('250')) latencies.push(performance.now() - begun)
        else errors += 1
      }
    }),
  )
  return summarize(latencies, errors, (performance.now() - started) / 1000)
}

function summarize(latencies: number[], errors: number, seconds: number): LoadResult {
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return { perSecond: latencies.length / seconds, medianMs: at(0.5), p99Ms: at(0.99), errors }
}

async function openSession(port: number, key: string | null) {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const replies = replyReader(socket)
  await replies(1)
  socket.write('EHLO bench.example\r\n')
  await replies(1)
  if (key !== null) {
    socket.write(`AUTH PLAIN ${Buffer.from(`\0bench\0${key}`).toString('base64')}\r\n`)
    const reply = await replies(1)
    if (!reply.startsWith('235')) throw new Error(`Refused: ${reply}`)
  }
  return {
    async send(message: Buffer): Promise<string> {
      socket.write('MAIL FROM:<app@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n')
      const ready = await replies(3)
      if (!ready.startsWith('354')) return ready
      socket.write(message)
      return replies(1)
    },
    async quit(): Promise<void> {
      socket.write('QUIT\r\n')
      await replies(1)
      socket.destroy()
    },
    close: () => void socket.destroy(),
  }
}

/** Waits for `count` whole replies (multi-line ones count once) and answers the last. */
function replyReader(socket: Socket): (count: number) => Promise<string> {
  let rest = ''
  let ready: string[] = []
  let wanted = 0
  let waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null
  const settle = () => {
    if (!waiting || ready.length < wanted) return
    const line = ready[wanted - 1] ?? ''
    ready = ready.slice(wanted)
    const { resolve } = waiting
    waiting = null
    resolve(line)
  }
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line[3] !== '-') ready.push(line)
    settle()
  })
  const fail = (error?: Error) => waiting?.reject(error ?? new Error('The connection was closed'))
  socket.on('error', fail)
  socket.on('close', () => fail())
  return (count) =>
    new Promise((resolve, reject) => {
      wanted = count
      waiting = { resolve, reject }
      settle()
    })
}
