import type { Socket } from 'node:net'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

type Inner = {
  _socket: Socket
  send: (code: number, text: unknown, context?: string | false) => void
}

/** Replies that other replies may follow in the same packet. */
const groupable = new Set([250, 354])
let isApplied = false

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
      if (socket.writableCorked > 0) socket.uncork()
    } else if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(uncork, socket)
    }
    send.call(this, code, text, context)
  }
}

function uncork(socket: Socket): void {
  if (socket.writableCorked > 0) socket.uncork()
}
