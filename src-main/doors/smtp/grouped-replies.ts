import type { Socket } from 'node:net'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

type Inner = {
  _socket: Socket
  send: (code: number, text: unknown, context?: string | false) => void
}

/** Replies that other replies may follow in the same packet. */
const groupable = new Set([250, 354])
let isApplied = false

/** What each socket is to be told at the end of this turn. */
const held = new Map<Socket, string>()

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
    // The reply is written with the socket's own `write`, so for that call it is another one.
    socket.write = hold
    try {
      send.call(this, code, text, context)
    } finally {
      Reflect.deleteProperty(socket, 'write')
    }
  }
}

function hold(this: Socket, reply: string | Uint8Array): boolean {
  if (held.size === 0) process.nextTick(releaseAll)
  held.set(this, (held.get(this) ?? '') + reply)
  return true
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
