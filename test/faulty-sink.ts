import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** The step at which the server stops answering, or breaks off. */
export type FaultStep =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'handshake'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'dot'

export type Fault =
  /** Accepts the connection and is silent from this step on. */
  | { readonly type: 'hang'; readonly at: FaultStep }
  /** Resets the connection at this step. */
  | { readonly type: 'reset'; readonly at: FaultStep }
  /** Answers every new connection with this line, and closes it. */
  | { readonly type: 'greets'; readonly line: string }
  /** Answers the end of every message with this line. */
  | { readonly type: 'answers'; readonly line: string }

export type FaultySink = Awaited<ReturnType<typeof startFaultySink>>

type FaultySinkOptions = {
  readonly port?: number
  /** Offers STARTTLS; the handshake is never completed. */
  readonly hasStartTls?: boolean
}

/**
 * An SMTP server that can fail at every step of the conversation (RFC 5321 §4.3.2), and counts what
 * came of each connection. Change `fault` while it runs; connections that hang stay as they are.
 */
export async function startFaultySink({ port = 0, hasStartTls = false }: FaultySinkOptions = {}) {
  const subjects: string[] = []
  const envelopes: string[] = []
  const sockets = new Set<Socket>()
  const state = {
    fault: null as Fault | null,
    /** Holds back the answer to the end of a message. */
    beforeAnswer: async (): Promise<void> => undefined,
    /** Further connections than this are refused with 421. */
    maxConnections: Number.POSITIVE_INFINITY,
  }
  const seen = { connections: 0, mostOpen: 0, offered: 0, hanging: 0 }

  const server = createServer((socket) => {
    seen.connections += 1
    sockets.add(socket)
    seen.mostOpen = Math.max(seen.mostOpen, sockets.size)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    // A client that gives up is detected.
    socket.on('end', () => socket.end())
    void talk(socket).catch(() => socket.destroy())
  })

  /** True when the conversation ends here. */
  function fails(socket: Socket, at: FaultStep): boolean {
    const { fault } = state
    if (fault?.type === 'reset' && fault.at === at) socket.resetAndDestroy()
    if (fault?.type === 'hang' && fault.at === at) {
      if (at === 'handshake') countHandshake(socket)
      else seen.hanging += 1
    }
    return (fault?.type === 'hang' || fault?.type === 'reset') && fault.at === at
  }

  /** A client waits for the handshake from its first bytes on. */
  function countHandshake(socket: Socket): void {
    socket.once('data', () => {
      seen.hanging += 1
    })
  }

  async function talk(socket: Socket): Promise<void> {
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const next = linesOf(socket)
    if (fails(socket, 'greeting') || fails(socket, 'handshake')) return
    if (state.fault?.type === 'greets') {
      socket.end(`${state.fault.line}\r\n`)
      return
    }
    if (sockets.size > state.maxConnections) {
      socket.end('421 4.7.0 Too many connections\r\n')
      return
    }
    say('220 faulty.example ESMTP')
    let isData = false
    let text = ''
    for (let line = await next(); line !== null; line = await next()) {
      if (isData) {
        if (line !== '.') {
          text += `${line}\n`
          continue
        }
        isData = false
        seen.offered += 1
        if (fails(socket, 'dot')) return
        await state.beforeAnswer()
        if (state.fault?.type === 'answers') say(state.fault.line)
        else {
          subjects.push(/^Subject: (.*)$/m.exec(text)?.[1] ?? '')
          say('250 2.0.0 Taken')
        }
        continue
      }
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'MAIL' || verb === 'RCPT') envelopes.push(/<(.*?)>/.exec(line)?.[1] ?? '')
      if (verb === 'EHLO') {
        if (fails(socket, 'ehlo')) return
        say(hasStartTls ? '250-faulty.example' : '250 faulty.example')
        if (hasStartTls) say('250 STARTTLS')
      } else if (verb === 'STAR') {
        if (fails(socket, 'starttls')) return
        say('220 2.0.0 Go ahead')
        countHandshake(socket)
        return
      } else if (verb === 'MAIL') {
        if (fails(socket, 'mail')) return
        say('250 2.1.0 OK')
      } else if (verb === 'RCPT') {
        if (fails(socket, 'rcpt')) return
        say('250 2.1.5 OK')
      } else if (verb === 'DATA') {
        if (fails(socket, 'data')) return
        isData = true
        text = ''
        say('354 Go on')
      } else if (verb === 'QUIT') {
        socket.end('221 2.0.0 Bye\r\n')
        return
      } else say('250 2.0.0 OK')
    }
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    state,
    /** The subjects of accepted messages, in order. */
    subjects,
    /** Every address of MAIL and RCPT, as it came. */
    envelopes,
    seen,
    get open(): number {
      return sockets.size
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Reads ahead, so that the end of a hanging connection is detected. */
function linesOf(socket: Socket): () => Promise<string | null> {
  const lines: string[] = []
  let rest = ''
  let isOver = false
  let wake = (): void => undefined
  socket.on('data', (chunk) => {
    const parts = (rest + String(chunk)).split('\r\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    wake()
  })
  socket.on('close', () => {
    isOver = true
    wake()
  })
  return async () => {
    while (lines.length === 0 && !isOver) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return lines.shift() ?? null
  }
}
