import type { Socket } from 'node:net'
import type { Clock } from './clock.ts'
import { inTurn } from './turns.ts'

export type ClosingSockets = ReturnType<typeof createClosingSockets>

type ClosingLimits = {
  readonly clock: Clock
  /** The socket of a client that does not close its side is destroyed after this time. */
  readonly lingerMs: number
  /** Beyond this number of sockets, the one that was ended first is destroyed at once. */
  readonly max: number
}

/** The input read after the end: enough for a client that reads replies between its writes. */
const maxDiscardedBytes = 256 * 1024
const maxDiscardMs = 1000

/**
 * Closes sockets in two steps. After `end` alone, a client can keep the socket in FIN_WAIT2 forever.
 * Destroying a socket with unread bytes resets the connection, and the client may lose the last reply
 * (RFC 9112 §9.6). So later input is discarded for a limited time, and then the socket is reset.
 */
export function createClosingSockets({ clock, lingerMs, max }: ClosingLimits) {
  const ending = new Map<Socket, () => void>()

  function discard(socket: Socket): void {
    const endsAt = clock.elapsed() + maxDiscardMs
    let bytesLeft = maxDiscardedBytes
    socket.on('data', (bytes: Buffer) => {
      bytesLeft -= bytes.length
      if (bytesLeft <= 0 || clock.elapsed() > endsAt) {
        socket.destroy()
        return
      }
      socket.pause()
      inTurn(() => socket.resume())
    })
    socket.resume()
  }

  return {
    /** Writes the last bytes, if any, and ends the socket. */
    end(socket: Socket, lastBytes?: string): void {
      if (ending.has(socket)) return
      const [oldest] = ending.keys()
      if (ending.size >= max) oldest?.destroy()
      const cancel = clock.after(lingerMs, () => socket.destroy())
      ending.set(socket, cancel)
      socket.once('close', () => {
        cancel()
        ending.delete(socket)
      })
      socket.on('error', () => socket.destroy())
      socket.once('end', () => socket.destroySoon())
      if (lastBytes === undefined) socket.end()
      else socket.end(lastBytes)
      discard(socket)
    },

    destroyAll(): void {
      for (const socket of ending.keys()) socket.destroy()
    },
  }
}
