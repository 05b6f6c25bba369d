import type { Socket } from 'node:net'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

type Inner = {
  _socket: Socket
  send: (code: number, text: unknown, context?: string | false) => void
}

/** Replies that other replies may follow in the same packet. */
const groupable = new Set([250, 354])
let isApplied = false

/** What each socket is to be told at the end of this turn of the event loop, all sockets in a row. */
const held = new Map<Socket, string>()
/** The socket whose reply waits for those that may follow, while smtp-server writes it. */
let grouping: Socket | null = null
const hasOwnWrite = new WeakSet<Socket>()

/**
 * Commands that came together are answered together (RFC 2920 §3.2): smtp-server sends a packet a
 * reply, and sending is the dearest part of a message. What opens or ends a session, or TLS, goes
 * out at once, behind all that waits. Reaches into the class: its version is pinned.
 */
export function groupReplies(): void {
  if (isApplied) return
  isApplied = true
  const connection = SMTPConnection.prototype as unknown as Inner
  const send = connection.send
  connection.send = function (this: Inner, code, text, context) {
    const socket = this._socket
    if (!groupable.has(code)) {
      release(socket)
      return send.call(this, code, text, context)
    }
    if (!hasOwnWrite.has(socket)) holdReplies(socket)
    grouping = socket
    try {
      send.call(this, code, text, context)
    } finally {
      grouping = null
    }
  }
}

/** Once a socket: to set and delete `write` around each reply made every socket a slow object. */
function holdReplies(socket: Socket): void {
  hasOwnWrite.add(socket)
  const write = socket.write
  socket.write = function (this: Socket, ...written: Parameters<Socket['write']>) {
    if (grouping !== socket) return write.apply(this, written)
    if (held.size === 0) setImmediate(releaseAll)
    held.set(socket, (held.get(socket) ?? '') + written[0])
    return true
  } as Socket['write']
}

function releaseAll(): void {
  for (const socket of [...held.keys()]) release(socket)
}

function release(socket: Socket): void {
  const replies = held.get(socket)
  if (replies === undefined) return
  held.delete(socket)
  // Whoever hung up meanwhile hears nothing, and to write to them would be an error.
  if (socket.writable) socket.write(replies)
}
