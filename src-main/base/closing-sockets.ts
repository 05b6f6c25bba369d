import type { Socket } from 'node:net'
import type { Clock } from './clock.ts'
import { inTurn } from './turns.ts'

export type ClosingSockets = ReturnType<typeof createClosingSockets>

type FarewellLimits = {
  readonly clock: Clock
  /** A client that does not close its side has its socket destroyed after so long. */
  readonly lingerMs: number
  /** Beyond so many sockets the one that was ended first is destroyed at once. */
  readonly max: number
}

/** So much of what still comes is read: enough for a client that looks at replies between writes. */
const maxDiscardedBytes = 256 * 1024
const maxDiscardMs = 1000

/**
 * Ends sockets for good. A socket that is only ended stays in FIN_WAIT2 for as long as the client
 * likes; one that is destroyed over unread bytes resets the connection, and the client may never
 * see the last answer (RFC 9112 §9.6). So bytes that still come are thrown away for a while, in
 * turns, and a client that writes on beyond that is reset.
 */
export function createClosingSockets({ clock, lingerMs, max }: FarewellLimits) {
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
    /** Writes the last bytes, if there are any, and ends. */
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
